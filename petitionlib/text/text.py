"""`Text`: the reader's language and the codebook, said once; sentences and readable tables."""

import pandas as pd

from petitionlib.codebook.arguments import check_is_table
from petitionlib.codebook.entries import about, carried
from petitionlib.errors import ArgumentError, said
from petitionlib.files import FilePath
from petitionlib.tables.frame import Row
from petitionlib.tables.read import with_codebook
from petitionlib.text.cautions import cautions
from petitionlib.text.checks import agreement, cause, check, verdicts
from petitionlib.text.comparisons import comparison, title
from petitionlib.text.definitions import definitions
from petitionlib.text.events import Told, ledger
from petitionlib.text.headline import headline, key_figures, lead_indicators
from petitionlib.text.names import Names
from petitionlib.text.nothing import Nothing
from petitionlib.text.rankings import main_figures, rankings
from petitionlib.text.show import Shown, shown
from petitionlib.text.tables import comparisons, coverage, sources, tables
from petitionlib.words import LANGUAGES

__all__ = ["Text", "show"]


class Text(Names):
    """Writes numbers, names, sentences and readable tables in one language.

    `Text("vi", table)`: in Vietnamese, with the codebook that the table was read with; without a
    language, in the codebook's first; without a table, with the shipped codebook. Where a table
    has lost its codebook, `codebook` names the data folder that has it. It holds no rows, cannot
    be changed, and pickles.

    Numbers: `number`, `count`, `percent`, `figure`, `change`, `date`. Codes: `indicator`, `part`,
    `place`, `places`, `period`, `span`, `flags`, `unit`. Sentences and tables: below. Raises
    `ValueError` for a language that is not available.

    >>> from petitionlib import read_tables
    >>> text = Text("vi", read_tables())
    >>> text.place("can-tho"), text.figure(3108, "petitions")
    ('Cần Thơ', '3.108 đơn')
    """

    def __init__(
        self,
        lang: str | None = None,
        table: pd.DataFrame | None = None,
        *,
        codebook: FilePath | None = None,
    ) -> None:
        """Take the language, and a table or a data folder for the codebook."""
        if table is not None and not hasattr(table, "attrs"):
            check_is_table(table)
        carrier = table if codebook is None else with_codebook(pd.DataFrame(), codebook)
        attrs = {} if carrier is None else carrier.attrs
        chosen = lang or about(carrier).languages[0]
        known = dict.fromkeys((*about(carrier).languages, *LANGUAGES))
        if chosen not in known:
            raise ArgumentError(said("fault.lang", found=repr(lang), languages=", ".join(known)))
        more = [str(attrs.get(name, "")) for name in ("sources", "known")]
        super().__init__(chosen, carried(carrier), *more)

    def title(
        self, place: str | None = None, year: int | None = None, *, span: str | None = None
    ) -> str:
        """Write the title of a report: about a place in one year or over all, a year, or all.

        >>> Text().title("can-tho", 2022)
        'Can Tho, 2022: citizen reception and petitions'
        >>> Text("vi").title("can-tho")
        'Cần Thơ: tiếp công dân và đơn thư qua các năm'
        """
        return title(self, place, year, span)

    def headline(self, changes: pd.DataFrame, ledger: pd.DataFrame | None = None) -> str:
        """Write the finding of a report in a sentence: what became of its main figure.

        Takes rows of `year_over_year` of one place: of one period, or of several, then the
        sentence is about the latest year and names it. The main figure is the first of the key
        figures that can be compared with the previous year, or for which a change was printed.
        With a `ledger` of `reconcile`, the sentence says if its figure does not agree with those
        it follows from; that another source prints another number is left to the checks.

        >>> from petitionlib import read_tables, year_over_year
        >>> here = year_over_year(read_tables()).query("place == 'can-tho' and year == 2022")
        >>> Text("en").headline(here.query("span == 'Y'"))
        'Petitions received rose by 472 (+17.9%) to 3,108 compared with 2021.'
        >>> Text("vi").headline(here.query("span == 'Y'"))
        'Tiếp nhận 3.108 đơn, tăng 472 đơn (17,9%) so với cùng kỳ năm 2021.'
        """
        return headline(self, changes, ledger)

    def key_figures(
        self, changes: pd.DataFrame, ledger: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Return the figures that carry a report as a table of text: figure, change and base.

        Takes rows of `year_over_year` of one place and period; at most five are chosen, those of
        most weight first. A missing change is a dash; the last column says of the previous year
        what is known, and whether care is needed; with a `ledger` of `reconcile`, also which
        figures do not agree with those they follow from.

        >>> from petitionlib import read_tables, year_over_year
        >>> here = year_over_year(read_tables()).query("place == 'can-tho' and year == 2022")
        >>> Text("en").key_figures(here.query("span == 'Y'")).iloc[0].tolist()
        ['3,108 petitions', '+472 (+17.9%)', '2021: 2,636 (derived)']
        """
        return key_figures(self, changes, ledger)

    def leading(self, rows: pd.DataFrame) -> list[str]:
        """Return the indicators that carry a report, as far as rows have a figure of them.

        Takes rows of a tidy table or of `year_over_year`; the order is that of the codebook
        (`lead`).

        >>> from petitionlib import read_tables
        >>> Text("en").leading(read_tables().query("place == 'can-tho' and year == 2022"))[:2]
        ['petitions.received', 'reception.visits']
        """
        return lead_indicators(self, rows)

    def nothing(self, reason: str) -> Nothing:
        """Return a reason why there is nothing to show, as the last line of a cell.

        JupyterLab shows it; a page leaves out a section all of whose cells give one, and names it
        near its end.

        >>> Text("en").nothing("No rate was published.")
        'No rate was published.'
        """
        return Nothing(reason)

    def definitions(self, rows: pd.DataFrame) -> str:
        """Say what the figures of some rows are, as far as the codebook does, a sentence a line.

        Takes rows of a tidy table or of `year_over_year`: their units, which are never added
        together, the two counts of each rate, and what makes a group large.

        >>> from petitionlib import read_tables
        >>> print(Text("en").definitions(read_tables().query("place == 'cao-bang'")))
        Visits and petitions are different counts and are never added together.
        """
        return definitions(self, rows)

    def comparison(self, row: Row, *, notes: bool = True) -> str:
        """Write a row of `year_over_year` as a sentence, with notes on what makes it uncertain.

        >>> from petitionlib import read_tables, year_over_year
        >>> here = year_over_year(read_tables()).query("place == 'can-tho' and year == 2023")
        >>> row = here[here["indicator"] == "petitions.received"].iloc[0]
        >>> print(Text("en").comparison(row))
        Petitions received: 2,917 petitions, down 191 (-6.1%) on 2022.
        >>> print(Text("vi").comparison(row))
        Đơn tiếp nhận trong kỳ: 2.917 đơn, giảm 191 đơn (6,1%) so với cùng kỳ năm 2022.
        """
        return comparison(self, row, notes=notes)

    def comparisons(
        self, changes: pd.DataFrame, ledger: pd.DataFrame | None = None
    ) -> pd.DataFrame:
        """Return rows of `year_over_year` as a table of text for readers.

        The index names the indicators, and within them come the parts of the year, both in the
        order of the codebook; the columns are the figure, the figure a year before, the change,
        and remarks (derived, provisional, why a comparison needs care; with a `ledger` of
        `reconcile`, which figures contradict others). Where the rows are of several places or
        periods, these come first. Missing is a dash.

        >>> from petitionlib import read_tables, year_over_year
        >>> here = year_over_year(read_tables()).query("place == 'can-tho' and year == 2023")
        >>> Text("en").comparisons(here).loc["Petitions received"].tolist()
        ['2,917 petitions', '3,108 petitions', '-191 (-6.1%)', '']
        """
        return comparisons(self, changes, ledger)

    def main_figures(self, changes: pd.DataFrame) -> pd.DataFrame:
        """Return the main figures of several places side by side, as a table of text.

        Takes rows of `year_over_year`. A row for each place and part of the year, in the order of
        the codebook, the parts of the year kept together: only within one of them figures are
        alike. The columns are the main indicators of which there is a figure. Missing is a dash.

        >>> from petitionlib import read_tables, year_over_year
        >>> changes = year_over_year(read_tables())
        >>> Text("en").main_figures(changes.query("year == 2023")).iloc[0, :2].tolist()
        ['2023', '422,601 petitions']
        """
        return main_figures(self, changes)

    def rankings(self, table: pd.DataFrame, year: int) -> str:
        """Say of each main indicator how the places of a year moved, a sentence a line.

        Takes a tidy table (`read_tables`). An indicator of which no place has a figure is left
        out; each sentence names its part of the year, the one in which most places can be
        compared.

        >>> from petitionlib import read_tables
        >>> print(Text("en").rankings(read_tables(), 2023).splitlines()[0].partition(": ")[2])
        only Can Tho can be compared with 2022: 2,917 petitions, -191 (-6.1%).
        """
        return rankings(self, table, year)

    def cautions(self, changes: pd.DataFrame) -> str:
        """Say in plain words what the reader of some comparisons must know, a sentence a line.

        Takes rows of `year_over_year`, of one place and period or of several. Names the changes
        of form, period and territory that lie between the years (`codebook.breaks`) and how many
        of the figures they touch; windows that end with the report; and sources that were
        published before the period ended.

        >>> from petitionlib import read_tables, year_over_year
        >>> table = read_tables()
        >>> here = year_over_year(table).query("place == 'can-tho' and year == 2023")
        >>> print(Text("en", table).cautions(here.query("span == 'Y'")))  # doctest: +ELLIPSIS
        No comparison in this report crosses a change of form, period or territory.
        thanhtra.com.vn published its figures on 7 December 2023, before the period ended on 14 ...
        """
        return cautions(self, changes)

    def check(self, row: Row) -> str:
        """Write a row of `reconcile` as a sentence: what was printed, what follows from the rest.

        >>> from petitionlib import read_tables, reconcile
        >>> ledger = reconcile(read_tables()).query("place == 'can-tho'")
        >>> print(Text("en").check(ledger[ledger["verdict"] == "unexplained"].iloc[0]))
        Feedback handled: 1,945 printed, 798 + 933 = 1,731; difference 214, unexplained.
        """
        return check(self, row)

    def cause(self, row: Row) -> str:
        """Say which number of a row of `reconcile` is likely wrong, and what would fit; or blank.

        >>> from petitionlib import read_tables, reconcile
        >>> ledger = reconcile(read_tables())
        >>> print(Text("en").cause(ledger[ledger["cause"] == "decimal_shift"].iloc[0]))
        70.1% would fit: the decimal point may be missing or misplaced.
        """
        return cause(self, row)

    def ledger(self, ledger_: pd.DataFrame) -> Told:
        """Write what does not add up in a ledger, a sentence a line, after a summary of all checks.

        Takes rows of `reconcile`. Contradictions come first, event by event, then what is
        unexplained, then rates that were cut off instead of rounded; each line names place, period
        and source. An event for which the tables' `known.csv` has a reason is told with it. A
        notebook shows the sentences with the checks of each event folded below it.

        >>> from petitionlib import read_tables, reconcile
        >>> table = read_tables()
        >>> here = reconcile(table).query("place == 'can-tho' and year == 2022")
        >>> print(Text("en", table).ledger(here).splitlines()[1])
        Can Tho, 2022. Feedback handled: 1,945 printed, 798 + 933 = 1,731; difference 214, \
unexplained. Source: thanhtravietnam.vn.
        """
        return ledger(self, ledger_)

    def agreement(self, ledger_: pd.DataFrame) -> str:
        """Write the finding of a ledger: of the checks that can be made, how many agree.

        >>> from petitionlib import read_tables, reconcile
        >>> Text("en").agreement(reconcile(read_tables()))  # doctest: +ELLIPSIS
        'Of 560 checks that can be made, 533 agree and 20 contradict, in 9 events; ...'
        """
        return agreement(self, ledger_)

    def verdicts(self, ledger_: pd.DataFrame) -> pd.DataFrame:
        """Return how many checks of each kind ended in each verdict, as a table of text.

        >>> from petitionlib import read_tables, reconcile
        >>> ledger = reconcile(read_tables()).query("place == 'can-tho' and year == 2022")
        >>> Text("en").verdicts(ledger).loc["Sums", "unexplained"]
        '1'
        """
        return verdicts(self, ledger_)

    def coverage(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return how many figures a table has of each place and year, the newest first, as text.

        >>> from petitionlib import read_tables
        >>> Text("en").coverage(read_tables()).loc["Can Tho", ["2022", "2024"]].tolist()
        ['33', '5']
        """
        return coverage(self, table)

    def tables(self, table: pd.DataFrame) -> pd.DataFrame:
        """Return what the table of each year holds, with a fingerprint that any change changes.

        >>> from petitionlib import read_tables
        >>> Text("en").tables(read_tables()).loc["2008"].tolist()[:3]
        ['2', '1', '1']
        """
        return tables(self, table)

    def sources(self, listed: pd.DataFrame) -> str:
        """Write the rows of `sources` as a list of references, a line each.

        >>> import petitionlib as pt
        >>> listed = pt.sources(pt.read_tables())
        >>> found = listed.query("source == 'thanhtra-2022-12-27'")
        >>> print(Text("en").sources(found).partition(". ")[2].partition(". ")[0])
        thanhtravietnam.vn, 27 December 2022.
        """
        return sources(self, listed)

    def show(self, table: pd.DataFrame) -> Shown:
        """Show any table in words and written numbers, whole.

        No text is cut, no row left out, no option of pandas changed. In a table of `read_tables`,
        `year_over_year`, `reconcile`, `rates`, `contributions`, `shares` or `revisions` the codes
        become names, and the numbers are written as the reader does, with their units; tables of
        text, and columns of other tables, stay as they are. As the last line of a cell it is
        displayed, a long one in a box that scrolls under its header; `print` writes it as text.

        >>> from petitionlib import read_tables, year_over_year
        >>> here = year_over_year(read_tables()).query("place == 'can-tho' and year == 2023")
        >>> row = here[here["indicator"] == "petitions.received"]
        >>> print(Text("vi").show(row[["place", "year", "span", "value", "absolute_change"]]))
         Đơn vị Kỳ báo cáo Công bố Tăng, giảm
        Cần Thơ   năm 2023   2.917   giảm 191
        """
        made = shown(self, table)
        return made._replace(nothing=self.say("nothing.table")) if table.empty else made


def show(table: pd.DataFrame) -> Shown:
    """Show any table in words and written numbers, whole: `Text().show(table)`.

    >>> from petitionlib import read_tables
    >>> print(show(read_tables()[["place", "year", "value"]].head(1)))
       Place Year Published
    Viet Nam 2008   187,037
    """
    return Text(table=table).show(table)
