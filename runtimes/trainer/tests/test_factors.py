"""Matrix factorisation: it finds two tastes, gives nobody what they have, and repeats itself."""

from groundswell_trainer.factors import recommend

PETS, WARS = ["cat", "dog", "pet", "owl"], ["war", "sea", "sky", "gun"]
TAKEN = [
    [f"{'pets' if of is PETS else 'wars'} {user}", item]
    for of in (PETS, WARS)
    for user in range(20)
    for item in of
    if (user + of.index(item)) % 4 != 0
]


def test_each_user_gets_what_others_of_its_taste_took() -> None:
    best = recommend(TAKEN, ["pets 0", "wars 1", "nobody"], 1)
    assert best == [["cat"], ["gun"], []]
    assert recommend(TAKEN, ["pets 0", "wars 1", "nobody"], 1) == best
