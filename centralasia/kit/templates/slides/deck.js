const [WIDTH, HEIGHT] = [1236, 700];
const NUMBER = 26; // pixels of the line with the slide's number, which a foot makes room for
const LABEL = 24; // by which the name at the end of a line may stand out
const ZOOMS = [1.2, 1.1, 1, 0.95, 0.9, 0.86];

// A chart lays itself out anew when this signal says how wide its place is.
async function widen(view) {
  const wide = view.container().clientWidth;
  const { box } = view.getState({ signals: (name) => name === "box" }).signals;
  await (box === undefined ? view.resize() : view.signal("box", wide)).runAsync();
}

// The pixels that a slide has left for what stands here, above the slide's foot.
function room(place) {
  place.style.zoom = 1;
  const foot = place.closest("section").querySelector(".foot");
  return HEIGHT - place.offsetTop - (foot ? foot.offsetHeight + 4 : NUMBER);
}

// A map keeps its shape, so that what is too high for the slide is made narrower.
async function lower(place, view, most) {
  for (let n = 0; n < 3 && place.scrollHeight > most; n++) {
    place.style.width = `${Math.floor(place.clientWidth * most / place.scrollHeight) - 2}px`;
    await widen(view);
  }
}

// A chart comes with the largest enlargement at which its picture fits the slide; with its controls
// under it or beside it a smaller one may be needed. Below what can be read the chart can be
// scrolled.
async function fit(place, view, map) {
  const form = place.querySelector("form.vega-bindings");
  const left = room(place);
  const first = Number(place.dataset.zoom);
  const least = 0.8 * first;
  for (let zoom = first; zoom >= least; zoom -= 0.02) {
    place.style.zoom = zoom;
    for (const beside of form?.childElementCount ? (map ? [true] : [false, true]) : [false]) {
      place.classList.toggle("beside", beside);
      place.style.width = `${WIDTH / zoom - (beside ? form.offsetWidth : 0)}px`;
      await widen(view);
      if (map) await lower(place, view, left / zoom);
      if (place.scrollHeight * zoom <= left && place.scrollWidth <= WIDTH / zoom + LABEL) return;
    }
  }
  place.classList.remove("beside");
  place.style.zoom = least;
  place.style.maxHeight = `${Math.floor(left / least)}px`;
  place.style.overflow = "auto";
  place.tabIndex = 0;
}

// The largest type, down to what can be read from the back, with which a table fits its slide.
// Less type means more room for a line, too; then rows move together. What still does not fit can
// be scrolled.
function shrink(place) {
  const left = room(place);
  for (const dense of [false, true]) {
    place.classList.toggle("dense", dense);
    for (const zoom of ZOOMS) {
      place.style.zoom = zoom;
      place.style.maxHeight = `${Math.floor(left / zoom)}px`;
      if (place.scrollHeight <= place.clientHeight && place.scrollWidth <= place.clientWidth) return;
    }
  }
}

// A chart is drawn when its slide comes up, since it takes its width from the slide.
function draw(slide) {
  slide.querySelectorAll(".table").forEach(shrink);
  slide.querySelectorAll(".chart:empty").forEach(async (place) => {
    const spec = JSON.parse(place.nextElementSibling.textContent);
    place.style.visibility = "hidden";
    const { view } = await vegaEmbed(place, spec, { actions: false, renderer: "svg" });
    const map = spec.params?.some((param) => param.name === "height");
    await fit(place, view, map).finally(() => { place.style.visibility = ""; });
  });
}

Reveal.initialize({
  width: 1280, height: 720, margin: 0, center: false, hash: true, slideNumber: "c/t",
  transition: "none", keyboardCondition: (event) => !event.target.closest(".chart"),
  plugins: [RevealNotes],
}).then(() => draw(Reveal.getCurrentSlide()));
Reveal.on("slidechanged", (event) => draw(event.currentSlide));
