// Starts Python while JupyterLite still puts its page together, and hands the worker over when it
// asks for one. At the first visit Python is not here yet, and the page comes before its download.

(async () => {
  const Native = window.Worker;
  if (window.crossOriginIsolated || !(await window.caches?.has("centralasia-python"))) return;
  const address = new URL(WORKER, location.href);
  let worker = new Native(address);
  worker.addEventListener("message", ({ data }) => {
    if (data?.centralasia) window.centralasiaSaid = data.centralasia;
  });
  const Next = window.Worker;
  window.Worker = class extends Next {
    constructor(script, options) {
      if (worker && new URL(script, location.href).pathname === address.pathname) {
        const started = worker;
        worker = undefined;
        return started;
      }
      super(script, options);
    }
  };
})();
