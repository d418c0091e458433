// Returns what a page says, by name, with values filled in: centralasiaSay("found", { n: 3 }).
// The build puts the words themselves above this line, in the reader's language.

globalThis.centralasiaSay = (name, values = {}) => globalThis.CENTRALASIA_WORDS[name]
  .replace(/\{(\w+)\}/g, (_all, value) => values[value]);
