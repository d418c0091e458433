// A chart is drawn when its slide comes up, since it takes its width from the slide.
function draw(slide) {
  slide.querySelectorAll(".chart:empty").forEach((place) => {
    const spec = JSON.parse(place.nextElementSibling.textContent);
    vegaEmbed(place, spec, { actions: false, renderer: "svg" });
  });
}

Reveal.initialize({
  width: 1180, height: 720, margin: 0.02, center: false, hash: true, slideNumber: "c/t",
  transition: "none", keyboardCondition: (event) => !event.target.closest(".chart"),
  plugins: [RevealNotes],
}).then(() => draw(Reveal.getCurrentSlide()));
Reveal.on("slidechanged", (event) => draw(event.currentSlide));
