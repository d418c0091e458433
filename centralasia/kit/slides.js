const [WIDTH, HEIGHT] = [1110, 696];
const SMALLEST = 0.7;

// A chart that is taller than what is left of its slide gets its controls beside it and is drawn
// smaller as a whole, down to a size that can be read from the back; below that it can be scrolled.
function fit(place) {
  const left = HEIGHT - place.offsetTop * Number(getComputedStyle(place).zoom);
  if (place.scrollHeight * Number(getComputedStyle(place).zoom) <= left) return;
  place.style.width = `${place.offsetWidth}px`;
  const form = place.querySelector("form.vega-bindings");
  place.classList.toggle("beside", Boolean(form?.childElementCount));
  const wide = place.offsetWidth + (place.matches(".beside") ? form.offsetWidth : 0);
  const ratio = Math.min(left / place.scrollHeight, WIDTH / wide);
  place.style.zoom = Math.max(SMALLEST, ratio);
  place.style.maxHeight = "none";
  if (ratio >= SMALLEST) return;
  place.style.maxHeight = `${Math.floor(left / SMALLEST)}px`;
  place.style.overflow = "auto";
  place.tabIndex = 0;
}

// A chart is drawn when its slide comes up, since it takes its width from the slide.
function draw(slide) {
  slide.querySelectorAll(".chart:empty").forEach((place) => {
    const spec = JSON.parse(place.nextElementSibling.textContent);
    vegaEmbed(place, spec, { actions: false, renderer: "svg" }).then(() => fit(place));
  });
}

Reveal.initialize({
  width: 1180, height: 720, margin: 0.02, center: false, hash: true, slideNumber: "c/t",
  transition: "none", keyboardCondition: (event) => !event.target.closest(".chart"),
  plugins: [RevealNotes],
}).then(() => draw(Reveal.getCurrentSlide()));
Reveal.on("slidechanged", (event) => draw(event.currentSlide));
