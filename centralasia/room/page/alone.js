{
  // A phone that answers by itself: an answer becomes six letters, as centralasia/room/codes.py
  // reads them, and the same letters as a QR code. `encodeQR` stands above in the same script.
  const part = (id) => document.getElementById(id);
  const { rules, questions, words } = JSON.parse(part("data").textContent);
  const STORE = "centralasia-phone";

  // Who answers on this phone: a number each, drawn by chance and kept, so that a second answer
  // replaces the first. An older page kept one number alone.
  const draw = () => crypto.getRandomValues(new Uint32Array(1))[0] % rules.phones;
  const known = (number) => Number.isInteger(number) && number >= 0 && number < rules.phones;
  function kept() {
    try {
      return [JSON.parse(localStorage.getItem(STORE))].flat().filter(known);
    } catch {
      return [];
    }
  }
  const people = kept();
  if (!people.length) people.push(draw());
  function keep() {
    try {
      localStorage.setItem(STORE, JSON.stringify(people));
    } catch { /* a page without a store is good for this visit */ }
  }
  keep();
  let person = 0;
  const answers = new Map();
  const place = (one) => `${part("asked").value} ${chosen("round")} ${one}`;

  function check(item, payload) {
    let mixed = 0x811c9dc5;
    for (const byte of new TextEncoder().encode(`${item} ${payload}`)) {
      mixed = Math.imul(mixed ^ byte, 0x01000193) >>> 0;
    }
    return (mixed ^ (mixed >>> 16)) & 0x7f;
  }

  function write(item, phone, round, choice, level) {
    const payload = (phone << 8) | (rules.rounds.indexOf(round) << 7) | (choice << 4)
      | (level ?? rules.noLevel);
    const bits = 5 * rules.length;
    const value = (payload << 7) | check(item, payload);
    const mixed = Number(BigInt(value) * BigInt(rules.mixer) % (1n << BigInt(bits)));
    return Array.from({ length: rules.length }, (_, n) =>
      rules.symbols[(mixed >>> (bits - 5 * (n + 1))) & 31]).join("");
  }

  function picture(text) {
    const rows = encodeQR(text, "raw", { ecc: "medium", border: 4 });
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
    svg.setAttribute("viewBox", `0 0 ${rows.length} ${rows.length}`);
    svg.setAttribute("role", "img");
    svg.setAttribute("aria-label", words.qr);
    path.setAttribute("fill", "currentColor");
    path.setAttribute("d", rows.flatMap((row, y) => row.map((dark, x) =>
      dark ? `M${x} ${y}h1v1h-1z` : "")).join(""));
    svg.append(path);
    part("picture").replaceChildren(svg);
  }

  function row(name, value, className, ...texts) {
    const label = Object.assign(document.createElement("label"), { className });
    label.append(Object.assign(document.createElement("input"), { type: "radio", name, value }),
      ...texts);
    return label;
  }
  const span = (textContent, className = "") =>
    Object.assign(document.createElement("span"), { textContent, className });
  const chosen = (name) => document.querySelector(`input[name=${name}]:checked`)?.value;

  function ask() {
    const { prompt, options, levels } = questions[part("asked").value];
    part("prompt").textContent = prompt;
    part("options").replaceChildren(...options.map((text, n) =>
      row("choice", n, "option", span(rules.letters[n], "letter"), span(text))));
    part("levels").replaceChildren(...levels.map((level, n) =>
      row("level", n, "level", span(words.level.replace("{level}", level)))));
    mark();
  }

  // Mark what the person has answered in this round, if anything.
  function mark() {
    const mine = answers.get(place(person));
    for (const name of ["choice", "level"]) {
      document.querySelectorAll(`input[name=${name}]`).forEach((input) => {
        input.checked = mine !== undefined && input.value === mine[name];
      });
    }
    show();
  }

  function answer() {
    const [choice, level] = [chosen("choice"), chosen("level")];
    if (choice !== undefined) answers.set(place(person), { choice, level });
    show();
  }

  function show() {
    const given = people.map((_phone, one) => answers.get(place(one)));
    part("people").replaceChildren(...people.map((_phone, one) => {
      const label = row("person", one, "level",
        span((given[one] ? words.answered : words.person).replace("{n}", one + 1)));
      label.firstElementChild.checked = one === person;
      return label;
    }));
    const codes = people.flatMap((phone, one) => (given[one] ? [write(part("asked").value, phone,
      chosen("round"), Number(given[one].choice),
      given[one].level === undefined ? null : Number(given[one].level))] : []));
    part("status").textContent = !given[person] ? words.choose
      : codes.length > 1 ? words.codes.replace("{n}", codes.length) : words.show;
    part("code").textContent = codes.map((code) => `${code.slice(0, 3)} ${code.slice(3)}`).join("\n");
    part("picture").replaceChildren();
    if (codes.length) picture(codes.join(" "));
  }

  // A number behind the # of the address is a lesson's or a question's.
  function begin() {
    const wanted = decodeURIComponent(location.hash.slice(1));
    const found = Object.keys(questions).find((item) =>
      item === wanted || questions[item].lessons.includes(wanted));
    if (found) part("asked").value = found;
    ask();
  }

  part("live").hidden = false;
  document.body.classList.add("scripted");
  part("live").addEventListener("submit", (event) => event.preventDefault());
  part("asked").addEventListener("change", ask);
  part("live").addEventListener("change", ({ target }) => {
    if (target.name === "person") {
      person = Number(target.value);
      mark();
      document.querySelector(`input[name=person][value="${person}"]`).focus();
    } else if (target.name === "round") mark();
    else if (target.name) answer();
  });
  part("more").addEventListener("click", () => {
    people.push(draw());
    keep();
    person = people.length - 1;
    mark();
  });
  window.addEventListener("hashchange", begin);
  begin();
}
