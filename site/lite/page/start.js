// The start page: which files the learner has, and their way out of the browser and back.

import { bringIn, download, eraseAll, files, reconcile, release } from "./work.js";

const said = document.getElementById("said");
const say = (text) => { said.textContent = text; };

function link(path, text) {
  const a = document.createElement("a");
  const notebook = path.endsWith(".ipynb");
  a.href = `${notebook ? "notebooks" : "edit"}/index.html?path=${encodeURIComponent(path)}`;
  a.textContent = text;
  return a;
}

async function show() {
  const { files: lessons } = await release();
  const rows = [...(await files()).keys()].sort().map((path) => {
    const row = document.createElement("li");
    row.append(link(path, lessons[path]?.title ?? path));
    if (lessons[path]) row.append(path);
    return row;
  });
  document.getElementById("mine").replaceChildren(...rows);
  if (!rows.length) say("There is nothing of yours in this browser yet.");
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
  if (!(await files()).size) return say("There is nothing of yours in this browser yet.");
  await download();
  say("Your work is in your folder for downloads.");
});

on("bring", "change", async ({ target }) => {
  const names = await bringIn(target.files[0]);
  target.value = "";
  await show();
  say(names.length ? `Brought in: ${names.join(", ")}` : "All of it was here already.");
});

on("erase", "click", async () => {
  if (!confirm("Delete everything that you changed and answered in this browser? It cannot be undone.")) {
    return;
  }
  await eraseAll();
  await show();
  say("Your work in this browser is deleted.");
});

await reconcile();
await show();
if ((await files()).size) navigator.storage?.persist?.();
