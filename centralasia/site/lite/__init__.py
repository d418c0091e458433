"""The browser edition: JupyterLite with Pyodide, and all that the lessons need in one file."""
