"""A data folder of four figures, two of which contradict the others."""

SOURCES = """source,title,publisher,url,published,note
paper,A report,"News, 100% true",,2022-12-27,
"""
COLUMNS = "place,year,span,indicator,value,change,change_percent,status,source,locator\n"
EARLIER = "can-tho,2021,Y,petitions.received,100,,,,paper,\n"
FIGURES = """can-tho,2022,Y,reception.regular.visits,4,,,,paper,
can-tho,2022,Y,reception.leader.visits,5,,,,paper,
can-tho,2022,Y,reception.visits,10,,,,paper,
can-tho,2022,Y,petitions.received,80,,-30,,paper,
"""
HEADER = "identity,place,year,span,indicator,source,reason\n"
CHANGE = "change_percent,can-tho,2022,Y,petitions.received,paper,"
VISITS = "visits-by-reception,can-tho,2022,Y,reception.visits,paper,"


def write_data(folder, figures=FIGURES, known=None):
    """Write the folder, with a known.csv of these rows if they are given; return it."""
    folder.mkdir()
    files = {
        "sources.csv": SOURCES,
        "2021.csv": COLUMNS + EARLIER,
        "2022.csv": COLUMNS + figures,
    }
    if known is not None:
        files["known.csv"] = HEADER + "".join(f"{row}\n" for row in known)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8", newline="")
    return folder
