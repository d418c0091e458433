// The start page: which files the learner has, and their way out of the browser and back.

import { answers, bringIn, download, eraseAll, files, reconcile, release } from "./work.js";

const words = globalThis.centralasiaSay;
const said = document.getElementById("said");
const say = (text) => { said.textContent = text; };

function link(path, text) {
  const a = document.createElement("a");
  const notebook = path.endsWith(".ipynb");
  a.href = `${notebook ? "notebooks" : "edit"}/index.html?path=${encodeURIComponent(path)}`;
  a.textContent = text;
  return a;
}

const anything = async () => (await files()).size > 0 || answers().lines().length > 0;

async function show() {
  const { files: lessons } = await release();
  const rows = [...(await files()).keys()].sort().map((path) => {
    const row = document.createElement("li");
    row.append(link(path, lessons[path]?.title ?? path));
    if (lessons[path]) row.append(path);
    return row;
  });
  document.getElementById("mine").replaceChildren(...rows);
  if (!(await anything())) say(words("nothing_here"));
}

function on(id, event, action) {
  document.getElementById(id).addEventListener(event, async (happened) => {
    try {
      await action(happened);
    } catch (error) {
      say(error.message);
    }
  });
}

on("download", "click", async () => {
  if (!(await anything())) return say(words("nothing_here"));
  await download();
  say(words("downloaded"));
});

on("bring", "change", async ({ target }) => {
  const { names, came } = await bringIn(target.files[0]).finally(() => { target.value = ""; });
  await show();
  say([names.length ? words("brought", { names: names.join(", ") }) : came ? "" : words("all_here"),
    came?.problem ?? (came ? words("brought_answers", came) : ""),
    came?.unread ? words("brought_unread", came) : "",
    came?.newer ? words("brought_newer", came) : ""].filter(Boolean).join(" "));
});

on("erase", "click", async () => {
  if (!confirm(words("delete"))) return;
  await eraseAll();
  await show();
  say(words("deleted"));
});

try {
  await reconcile();
  await show();
  if (await anything()) navigator.storage?.persist?.();
} catch (error) {
  console.warn(error); // without a store; the page says so
}
