"""Which of ours is which of theirs: by the surest identifier that tells, then by a stated similarity, never by a guess.

Every match is one to one. What several share is told apart by their other identifiers, or left as not told apart.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.domain.itam.reconciliation import MatchedBy
from app.domain.itam.reconciling.record import Record, folded, identifier, words_of
from app.domain.itam.reconciling.registers import Register

Likeness = Callable[[str, str], float]
"""How alike two texts are, from 0 to 100; the same whichever comes first."""

THRESHOLD = 85
"""Percent from which two texts count as the same thing, unless the person says otherwise."""
LEAST_THRESHOLD = 60
_MOST_IN_BLOCK = 60
"""A word that more texts of one side have than this tells nothing apart."""
_MOST_COMPARED = 120
"""The most texts that one text is compared with."""
_MOST_IN_GROUP = 150
"""Of one identifier that so many share, no likeness is computed: nobody could read why."""
_CROWD = 36
"""So many pairs of the very same words are not told apart, and are not looked at one by one."""


@dataclass(frozen=True, slots=True)
class Pair:
    """One of ours that is one of theirs."""

    ours: Record
    theirs: Record
    by: MatchedBy
    similarity: int | None = None
    """Percent, where likeness had a say."""


@dataclass(slots=True)
class Matches:
    """All that was matched, and what could not be told apart."""

    pairs: list[Pair] = field(default_factory=list)
    unclear: dict[MatchedBy, list[tuple[list[Record], list[Record]]]] = field(default_factory=dict)
    """By the identifier that they share: ours and theirs."""
    left_ours: list[Record] = field(default_factory=list)
    left_theirs: list[Record] = field(default_factory=list)
    may_be: dict[int, tuple[Record, ...]] = field(default_factory=dict)
    """Of theirs that was not matched: those of ours that it is as like as any other."""


def match(
    register: Register,
    ours: Iterable[Record],
    theirs: Iterable[Record],
    likeness: Likeness,
    threshold: int = THRESHOLD,
) -> Matches:
    """Match two registers, the surest identifier first. [ISO/IEC 19770-1:2017, 8.3]"""
    run = _Matching(register, list(ours), list(theirs), likeness, threshold)
    for number in range(len(register.steps)):
        run.by_identifier(number)
    run.by_likeness()
    run.found.left_ours = sorted(run.ours.values(), key=lambda each: each.id)
    run.found.left_theirs = sorted(run.theirs.values(), key=lambda each: each.id)
    return run.found


class _Matching:
    def __init__(
        self, register: Register, ours: list[Record], theirs: list[Record], likeness: Likeness, threshold: int
    ) -> None:
        self.register, self.likeness, self.threshold = register, likeness, threshold
        self.every_ours, self.every_theirs = ours, theirs
        self.ours = {each.id: each for each in ours}
        self.theirs = {each.id: each for each in theirs}
        self.found = Matches()

    def by_identifier(self, number: int) -> None:
        """Match by one identifier: where one of each side has it, or where the other identifiers tell them apart."""
        step = self.register.steps[number]
        assert step.matches is not None  # noqa: S101 - it is a step
        name, by = step.name, step.matches
        counts_ours = Counter(identifier(each.value(name)) for each in self.every_ours)
        counts_theirs = Counter(identifier(each.value(name)) for each in self.every_theirs)
        groups_ours, groups_theirs = _grouped(self.ours.values(), name), _grouped(self.theirs.values(), name)
        for value in sorted(groups_ours.keys() & groups_theirs.keys()):
            left, right = groups_ours[value], groups_theirs[value]
            if counts_ours[value] == counts_theirs[value] == 1:
                if self._may_be_one(left[0], right[0], number):
                    self._take(left[0], right[0], by)
                continue
            left, right = self._told_apart(left, right, number, by)
            if by is MatchedBy.PURCHASE_ORDER:
                # An order brings many things: only those that are alike as well could be the same.
                left, right = self._alike(left, right)
            if left and right:
                self._set_aside(left, right, by)

    def _told_apart(
        self, left: list[Record], right: list[Record], number: int, by: MatchedBy
    ) -> tuple[list[Record], list[Record]]:
        """Match those of one identifier that their other words tell apart; gives the rest of both sides."""
        for other in (*(step.name for step in self.register.steps[number + 1 :]), *self.register.alike):
            groups_left, groups_right = _grouped(left, other), _grouped(right, other)
            for value in sorted(groups_left.keys() & groups_right.keys()):
                one, two = groups_left[value], groups_right[value]
                if len(one) == len(two) == 1 and self._may_be_one(one[0], two[0], number):
                    self._take(one[0], two[0], by)
            left, right = self._still(left, right)
        if left and right and len(left) * len(right) <= _MOST_IN_GROUP**2:
            self._by_score(self._scores(left, right, number), by)
            left, right = self._still(left, right)
        return left, right

    def _alike(self, left: list[Record], right: list[Record]) -> tuple[list[Record], list[Record]]:
        if not any(self._text(each) for each in left) or not any(self._text(each) for each in right):
            return left, right
        if len(left) * len(right) > _MOST_IN_GROUP**2:
            return left, right
        tied = {each.id for two in right for each in self.found.may_be.get(two.id, ())}
        return [each for each in left if each.id in tied], [each for each in right if each.id in self.found.may_be]

    def _still(self, left: list[Record], right: list[Record]) -> tuple[list[Record], list[Record]]:
        return [each for each in left if each.id in self.ours], [each for each in right if each.id in self.theirs]

    def _may_be_one(self, ours: Record, theirs: Record, number: int) -> bool:
        """Whether no surer identifier speaks against it: two different serial numbers are two things."""
        weaker = self.register.steps[:number]
        if number < len(self.register.steps) and self.register.steps[number].matches in self.register.surest:
            return True
        for step in weaker:
            if step.matches in self.register.surest:
                mine, yours = identifier(ours.value(step.name)), identifier(theirs.value(step.name))
                if mine and yours and mine != yours:
                    return False
        return True

    def _scores(self, left: Iterable[Record], right: Iterable[Record], number: int) -> list[tuple[int, Record, Record]]:
        return [
            (score, one, two)
            for one in left
            for two in right
            if (score := self._score(self._text(one), self._text(two))) >= self.threshold
            and self._may_be_one(one, two, number)
        ]

    def _score(self, one: str, two: str) -> int:
        return int(self.likeness(one, two)) if one and two and _same_numbers(one, two) else 0

    def _text(self, record: Record) -> str:
        return " ".join(words_of(" ".join(record.value(name) for name in self.register.alike)))

    def by_likeness(self) -> None:
        """Match what is left by how alike its words are: the best first, and only where one is the best of both."""
        texts_ours, texts_theirs = self._by_text(self.ours.values()), self._by_text(self.theirs.values())
        number = len(self.register.steps)
        scores: list[tuple[int, Record, Record]] = []
        crowds: dict[int, list[tuple[list[Record], list[Record]]]] = defaultdict(list)
        for text, candidates in _blocks(texts_theirs, texts_ours).items():
            for candidate in candidates:
                score = self._score(candidate, text)
                if score < self.threshold:
                    continue
                ones, twos = texts_ours[candidate], texts_theirs[text]
                if len(ones) * len(twos) > _CROWD:
                    crowds[score].append((ones, twos))
                    continue
                scores += [(score, one, two) for one in ones for two in twos if self._may_be_one(one, two, number)]
        self._by_score(scores, MatchedBy.SIMILARITY, crowds)

    def _by_text(self, records: Iterable[Record]) -> dict[str, list[Record]]:
        grouped: dict[str, list[Record]] = defaultdict(list)
        for record in sorted(records, key=lambda each: (_content(each), each.id)):
            if text := self._text(record):
                grouped[text].append(record)
        return grouped

    def _by_score(
        self,
        scores: list[tuple[int, Record, Record]],
        by: MatchedBy,
        crowds: Mapping[int, list[tuple[list[Record], list[Record]]]] | None = None,
    ) -> None:
        """From the best score down: who has one partner at it, that has no other, is matched; a tie ends both."""
        crowds = crowds or {}
        levels: dict[int, list[tuple[Record, Record]]] = defaultdict(list)
        for score, one, two in scores:
            levels[score].append((one, two))
        over_ours: set[int] = set()
        over_theirs: set[int] = set()
        for score in sorted(levels.keys() | crowds.keys(), reverse=True):
            level = levels.get(score, ())
            pairs = [(one, two) for one, two in level if one.id not in over_ours and two.id not in over_theirs]
            times_ours, times_theirs = Counter(one.id for one, _ in pairs), Counter(two.id for _, two in pairs)
            for ones, twos in crowds.get(score, ()):
                crowd = [each for each in ones if each.id not in over_ours]
                for two in twos:
                    if two.id not in over_theirs and crowd:
                        self._tie(two, crowd)
                        times_theirs[two.id] += 2
                times_ours.update({each.id: 2 for each in crowd})
            for one, two in pairs:
                if times_ours[one.id] == times_theirs[two.id] == 1:
                    self._take(one, two, by, score)
                else:
                    self._tie(two, [one])
            over_ours |= times_ours.keys()
            over_theirs |= times_theirs.keys()

    def _tie(self, theirs: Record, ours: Iterable[Record]) -> None:
        tied = {each.id: each for each in (*self.found.may_be.get(theirs.id, ()), *ours)}
        first = sorted(tied.values(), key=lambda each: (each.label, each.id))
        self.found.may_be[theirs.id] = tuple(first)

    def _take(self, ours: Record, theirs: Record, by: MatchedBy, similarity: int | None = None) -> None:
        del self.ours[ours.id], self.theirs[theirs.id]
        self.found.may_be.pop(theirs.id, None)
        self.found.pairs.append(Pair(ours, theirs, by, similarity))

    def _set_aside(self, left: list[Record], right: list[Record], by: MatchedBy) -> None:
        for one in left:
            del self.ours[one.id]
        for two in right:
            del self.theirs[two.id]
            self.found.may_be.pop(two.id, None)
        self.found.unclear.setdefault(by, []).append((left, right))


def _same_numbers(one: str, two: str) -> bool:
    """Whether one says no number that the other contradicts: 7440 and 7450 are one sign and a whole model apart."""
    first, second = ({word for word in text.split() if not word.isalpha()} for text in (one, two))
    return first <= second or second <= first


def _grouped(records: Iterable[Record], name: str) -> dict[str, list[Record]]:
    grouped: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if value := identifier(record.value(name)):
            grouped[value].append(record)
    return grouped


def _content(record: Record) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, folded(value)) for name, value in record.values.items() if value))


def _blocks(asked: Mapping[str, Sequence[Record]], known: Mapping[str, Sequence[Record]]) -> dict[str, list[str]]:
    """For each text of theirs the few of ours worth comparing with: the same one, or those that share a rare word."""
    by_word: dict[str, list[str]] = defaultdict(list)
    for text in sorted(known):
        for word in text.split():
            by_word[word].append(text)
    blocks: dict[str, list[str]] = {}
    for text in sorted(asked):
        near = {text: None} if text in known else {}
        for word in sorted(text.split(), key=lambda each: (len(by_word.get(each, ())), each)):
            sharing = by_word.get(word, ())
            if len(sharing) > _MOST_IN_BLOCK or len(near) > _MOST_COMPARED:
                break
            near.update(dict.fromkeys(sharing))
        blocks[text] = list(near)
    return blocks
