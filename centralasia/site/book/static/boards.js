// The boards of the role-plays on a page of the book.

for (const place of document.querySelectorAll(".ca-roleplay")) {
  const { game, words } = JSON.parse(place.querySelector("script[type='application/json']").textContent);
  const el = make("div");
  place.querySelector(".ca-board").replaceChildren(el);
  render({ model: playModel(game, words), el });
}
