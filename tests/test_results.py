"""The list of reproduced results is what the tables give, and each difference is explained."""

import pytest
import results


@pytest.mark.parametrize("result", results.RESULTS, ids=lambda r: f"{r.topic}: {r.name}")
def test_a_result_holds_or_says_why_not(result):
    assert result.holds is not False or result.why


def test_the_page_is_what_the_tables_give():
    assert results.FILE.read_text(encoding="utf-8") == results.table()
