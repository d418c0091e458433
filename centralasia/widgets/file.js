// To a file and from one.

function save(text, name, type = "text/plain") {
  const link = make("a", { href: URL.createObjectURL(new Blob([text], { type })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

// Returns rows as a spreadsheet program opens them. With decimal commas, semicolons stand between
// the cells: so spreadsheets in Russian have it.
function forSpreadsheet(rows, hasCommas = false) {
  const cell = (value) => {
    if (typeof value === "number") return hasCommas ? String(value).replace(".", ",") : value;
    const text = String(value ?? "");
    return /[",\n;]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `\ufeff${rows.map((row) => row.map(cell).join(hasCommas ? ";" : ",")).join("\r\n")}\r\n`; // the mark is for Excel
}

// Notepad and Excel write in two bytes a letter, and say so at the beginning.
function decoded(bytes) {
  const wide = { "255,254": "utf-16le", "254,255": "utf-16be" }[bytes.slice(0, 2).join()];
  return new TextDecoder(wide ?? "utf-8").decode(bytes);
}
