// The store of a notebook: Python keeps the answers in a file, and this page asks it to.

const PATIENCE = 5000; // milliseconds

function kernelStore(model, words) {
  const waiting = new Map();
  let asked = 0;

  // Python may be gone: after a restart the form still stands there and nobody listens.
  function ask(content) {
    const number = ++asked;
    return new Promise((resolve) => {
      const give = (reply) => {
        clearTimeout(timer);
        waiting.delete(number);
        resolve(reply);
      };
      const timer = setTimeout(() => give({ problem: words.noReply }), PATIENCE);
      waiting.set(number, give);
      try {
        model.send({ ...content, number });
      } catch {
        give({ problem: words.noReply });
      }
    });
  }

  const receive = (message) => waiting.get(message.number)?.(message);
  model.on("msg:custom", receive);
  return {
    lines: () => inOrder(model.get("lines")),
    add: async (lines) => (await ask({ record: lines })).problem,
    bring: (text) => ask({ bring: text }),
    text: () => model.get("lines").map((one) => `${JSON.stringify(one)}\n`).join(""),
    look: (claim) => {
      if (model.get("looking") === claim) return;
      model.set("looking", claim);
      model.save_changes();
    },
    watch: (draw) => {
      model.on("change:lines", draw);
      return () => {
        model.off("change:lines", draw);
        model.off("msg:custom", receive);
      };
    },
  };
}
