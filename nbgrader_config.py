"""How nbgrader makes exercises/ from solutions/, and grades what comes back."""

from centralasia.grading.afterwards.feedback import PREPROCESSORS

c = get_config()  # noqa: F821  nbgrader and Jupyter define it

c.CourseDirectory.course_id = "central-asia"
c.CourseDirectory.source_directory = "solutions"
c.CourseDirectory.release_directory = "exercises"
# A key, its trials and the sample essays lie beside their notebook and are copied nowhere; so are
# the grader's verdicts, which nobody hands in.
c.CourseDirectory.ignore = [
    ".ipynb_checkpoints",
    "__pycache__",
    "*.pyc",
    "key.py",
    "trials.py",
    "samples",
    "verdicts.json",
]

# NotImplementedError frightens beginners: an untouched answer keeps its preset `...` instead.
c.ClearSolutions.code_stub = {
    "python": "# Replace the three dots, or write lines below that give the name its value."
}
c.ClearSolutions.text_stub = "*Write your argument here and delete this line.*"
# The mark scheme of an essay stands in the locked cell above the answer.
c.ClearMarkScheme.enforce_metadata = False

c.Execute.timeout = 60

# Hidden tests and mark schemes are taken out of the feedback, also of that made in formgrader.
c.GenerateFeedback.preprocessors = PREPROCESSORS

# A script that a learner wrote must not run where a teacher reads their work.
c.HTMLExporter.preprocessors = ["centralasia.grading.afterwards.safe_html.Safe"]
c.HTMLExporter.filters = {"markdown2html": "centralasia.grading.afterwards.safe_html.markdown2html"}
