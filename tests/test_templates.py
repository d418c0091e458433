"""Templates: values are escaped, a missing name raises, words come in the language wanted."""

import html

import jinja2
import pytest
from markupsafe import Markup

from centralasia import language, templates


@pytest.fixture
def fill(tmp_path):
    """Fill a template that stands in a folder of its own."""

    def filled(source, **values):
        (tmp_path / "page.html").write_text(source, encoding="utf-8")
        return templates.environment(tmp_path).get_template("page.html").render(values)

    return filled


def test_a_value_is_text_and_never_markup(fill):
    found = fill("<p>{{ a }}{% trans %}, {{ a }}{% endtrans %}{{ b | safe }}</p>", a="<&", b="<b>")
    assert found == "<p>&lt;&amp;, &lt;&amp;<b></p>"


def test_quotes_are_escaped_as_in_the_outputs_of_lessons(fill):
    """Wherever a value stands: two functions would differ in a quote."""
    said, escaped = '"it\'s" 5 %', html.escape('"it\'s" 5 %')
    assert fill("{{ a }}", a=said) == escaped
    assert fill("{% trans %}{{ a }}{% endtrans %}", a=said) == escaped
    assert fill("{% trans n=2 %}{{ a }}{% pluralize %}{{ a }}{% endtrans %}", a=said) == escaped
    assert fill("{{ _('100 %%, %(a)s', a=a) }}", a=said) == f"100 %, {escaped}"
    assert fill("{% trans %}{{ a }}{% endtrans %}", a=Markup("<b>'</b>")) == "<b>'</b>"


def test_a_missing_name_raises(fill):
    with pytest.raises(jinja2.UndefinedError, match="nobody"):
        fill("{{ nobody }}")


def test_words_are_looked_up_when_they_are_needed(fill, monkeypatch):
    page = (
        "{% trans %}\n  50 % of\n  {{ n }}\n{% endtrans %}"
        "{% trans n=n %}, one claim{% pluralize %}, {{ n }} claims{% endtrans %}"
    )
    assert fill(page, n=1) == "50 % of 1, one claim"
    assert fill(page, n=3) == "50 % of 3, 3 claims"
    monkeypatch.setenv(language.ENV, language.PSEUDO)
    assert fill(page, n=3) == "⟦50 % óf 3~~~~~⟧⟦, 3 cláíms~~~~~⟧"


def test_a_template_is_found_by_its_path_in_the_package():
    with pytest.raises(jinja2.TemplateNotFound):
        templates.render("kit/templates/none.html")
