"""What the pages of the forms say by themselves, by the names that the scripts use."""

from __future__ import annotations

from centralasia.language import _


def words() -> dict[str, str]:
    """Return the words of the scripts beside this module."""
    told = _form() | _predictions() | _claims() | _in_turn() | _review() | _table()
    return told | _record() | _files()


def of_book() -> dict[str, str]:
    """Return the words of the forms in the book, with those of its own ``forms.js``."""
    return words() | {
        "exerciseToo": "",
        "keptHere": _(
            "Your answers are kept in this browser, on this device alone. A private window loses "
            "them when you close it."
        ),
        "keptFolder": _(
            "These pages were opened from a folder. Your answers last for this visit, and how much "
            "longer depends on the browser: take them along before you leave."
        ),
        "keptVisit": _(
            "This browser lets the page keep nothing. Your answers last until you leave this page: "
            "take them along before you go on."
        ),
        "myRecord": _("My record"),
        "continueAt": _("Continue where you stopped: {name}, “{section}”"),
        "continueIn": _("Continue with {name}"),
        "continueWith": _("Continue with {name}, “{section}”"),
        "stopDone": _("The part where you stopped is done."),
        "practise": _("Practise without Python"),
        "ledgerShow": _("Show the verdicts on all claims"),
        "ledgerHide": _("Hide the verdicts on claims that you have not judged"),
        "openHere": _("Still open in lesson {number}:"),
        "toNext": _("Next lesson: {number} · {title}"),
        "tickDone": _(" questions answered; done"),
        "tickPart": _(" questions answered"),
        "partDone": _(" done"),
    }


def of_jupyter() -> dict[str, str]:
    """Return the words of the forms in JupyterLab, with those of its own ``forms.js``."""
    return words() | {
        "waking": _("Python is starting. In a moment you can answer here."),
        "runIt": _(
            "To answer here, run this cell: click on it and press Shift + Enter, or the button "
            "with the triangle above."
        ),
        "shownAnew": _("This lesson was changed on the disk, and here it is as it is there."),
        "shownAnewBeside": _(
            "This lesson was changed on the disk, and here it is as it is there. What you had not "
            "saved: {name}"
        ),
        "unknown": _("This question is of another release of the course, which this one has not."),
        "handIn": _("Hand in"),
        "handInLooks": _(
            "The course runs your notebook from top to bottom, and looks for what would keep it "
            "from being graded. This may take a minute or two."
        ),
        "handInReady": _(
            "Nothing was found that would keep your notebook from being graded. Whether its "
            "answers are right is decided when it is graded."
        ),
        "handInFound": _("Look at this before you hand in:"),
        "handInDeaf": _(
            "Python did not reply. Restart the kernel, wait until it is ready, and press “Hand in” "
            "again."
        ),
        "handInMend": _("Mend it"),
        "handInSave": _("Save the file to hand in"),
        "handInAsItIs": _("Save the file as it is"),
        "handInBack": _("Back to the notebook"),
        "handInClose": _("Close"),
        "handInDownloaded": _(
            "Saved as {name} in your folder for downloads. Nothing was sent: hand in this file "
            "yourself."
        ),
        "handInBeside": _(
            "Saved as {name} beside this notebook. Nothing was sent: hand in this file yourself."
        ),
    }


def _form() -> dict[str, str]:
    return {
        "back": _("Previous"),
        "forth": _("Next"),
        "sure": _("How sure are you?"),
        "guess": _("a guess"),
        "certain": _("certain"),
        "level": _("{level} %, {word}"),
        "from100": _("certain"),
        "from85": _("almost certain"),
        "from65": _("fairly sure"),
        "from45": _("unsure"),
        "from0": _("little more than a guess"),
        "choose": _("Choose an answer first."),
        "noReply": _(
            "Python has not replied, so this answer may not be kept. If a cell is still running "
            "([*]), wait for it. If not, run this cell again with Shift + Enter, then answer."
        ),
    }


def _predictions() -> dict[str, str]:
    return {
        "yourPrediction": _("Your prediction"),
        "savePrediction": _("Save my prediction"),
        "kept": _("Kept: {answer}, {level} % sure."),
        "readOn": _("Read on."),
        "firstCounts": _("The first answer that you gave is the one that counts."),
        "notScored": _("The answer was shown before, so this is not scored."),
        "alreadyShown": _("The answer was shown already. What you say now is not scored."),
        "theAnswer": _("Prediction {item}: the answer"),
        "showAnswer": _("Show what the record says"),
        "predictFirst": _(
            "You have not predicted this yet. Once you have seen the answer, a prediction no "
            "longer counts."
        ),
        "toPrediction": _("Go to the question"),
        "readyToSee": _("You said: {answer}."),
        "asYouSaid": _("✓ As you said."),
        "notAsYouSaid": _("Not what you said."),
        "youSaid": _("You said: {answer}, and were {level} % sure."),
        "noPrediction": _(
            "You made no prediction before you saw this. The next one is worth a guess."
        ),
    }


def _claims() -> dict[str, str]:
    return {
        "claim": _("Claim"),
        "claimOf": _("Claim {number} of {n}. {kind}"),
        "step": _("Step {number} of 3"),
        "alone": _("What do you think of this claim, before you see any evidence?"),
        "aloneForecast": _("Did it come true? Say what you think before you see any evidence."),
        "showEvidence": _("Keep it and show the evidence"),
        "evidence": _("The evidence on {claim}"),
        "noEvidence": _("The lesson’s text above is the evidence for this claim."),
        "chartBelow": _("The chart stands below this form."),
        "again": _("Now that you have seen the evidence: what is your verdict?"),
        "againForecast": _("Now that you have seen the evidence: did it come true?"),
        "showVerdict": _("Keep it and show the course’s verdict"),
        "verdictOn": _("Our verdict on {claim}"),
        "atFirst": _("At first you said: {answer}, {level} % sure."),
        "yours": _("yours"),
        "ours": _("ours"),
        "sawBefore": _("You had seen our verdict before you judged, so this is not counted."),
        "stayedSame": _("✓ The same as yours, from the beginning."),
        "movedToward": _("✓ The same as yours: the evidence moved you toward it."),
        "same": _("✓ The same as yours."),
        "movedAway": _(
            "Yours is different. At first you agreed with us, and the evidence moved you away. "
            "Read what our verdict rests on before you change your mind."
        ),
        "movedElsewhere": _(
            "Yours is different. The evidence changed your mind, but not toward our verdict. Read "
            "what ours rests on before you change your mind again."
        ),
        "differs": _("Yours is different. Read what ours rests on before you change your mind."),
        "nextClaim": _("Next claim"),
        "moves": _(
            "You judged {n} claims twice. You agreed with the course on {before} before the "
            "evidence and on {after} after it. The evidence changed your mind {changed} times: "
            "{toward} toward the course’s verdict, {away} away from it, {elsewhere} to another "
            "verdict that is not the course’s."
        ),
    }


def _in_turn() -> dict[str, str]:
    return {
        "questionOf": _("Question {number} of {n}"),
        "chooseOrGuess": _("Choose an answer first. A guess is fine: say so with the slider."),
        "check": _("Check my answer"),
        "keep": _("Keep my answer"),
        "keptShort": _("Kept."),
        "next": _("Next question"),
        "seeScore": _("See my score"),
        "finish": _("Finish"),
        "score": _("Your score"),
        "allTwelve": _("All twelve are answered"),
        "thanks": _("Thank you. {later}"),
        "tryAgain": _("Try again"),
        "rightYours": _("✓ right, and yours"),
        "right": _("✓ right"),
        "wrongYours": _("✗ yours"),
        "isRight": _("✓ Right. {feedback}"),
        "isWrong": _("✗ Not right. {feedback} The right answer is “{right}”. {why}"),
        "soFar": _("Your answers so far: {n} of {all}"),
        "scored": _(
            "{hits} of {n} right. Somebody who only guesses would get {blind}. By how sure "
            "you were, you could expect {expected}."
        ),
        "scoredClose": _("That is close to what you got. So few answers cannot show more."),
        "scoredOver": _("This time you were too sure. With so few answers it may be chance."),
        "scoredUnder": _(
            "This time you were right more often than you expected. With so few answers it may be "
            "chance."
        ),
        "nothingBefore": _(
            "There is nothing to compare: the questions were not answered before the first lesson."
        ),
        "gained": _("Before you had {before} of {n} right, and now {after}."),
        "nothingToGain": _("There was nothing left to gain."),
        "madeUp": _(
            "Of what you had wrong before, you have gained {part} % (normalised gain {gain}). {n} "
            "questions are few: an answer more or less may be chance."
        ),
        "madeUpNone": _(
            "Of what you had wrong before, you have gained nothing (normalised gain {gain}). {n} "
            "questions are few: an answer more or less may be chance."
        ),
        "gainTable": _("Your answers to the twelve questions"),
        "questionHead": _("Question"),
        "beforeHead": _("Before"),
        "afterHead": _("After"),
        "noAnswer": _("no answer"),
    }


def _review() -> dict[str, str]:
    return {
        "comesBack": _("From lesson {number}: what you got wrong comes back"),
        "reviewed": _("That is all that came back"),
        "rightNow": _("{right} of {n} right this time. Your first answers still count."),
        "rightNowMore": _(
            "{right} of {n} right this time. Your first answers still count. What is still "
            "wrong is here again when you next open this page."
        ),
        "backSum": _(
            "Wrong at first: {wrong}. Answered again since: {again}, and {right} of them are right "
            "now."
        ),
        "backNone": _(
            "Wrong at first: {wrong}. What was wrong comes back two lessons later, at most five "
            "questions at a time."
        ),
        "backTable": _("What came back"),
        "askedHead": _("Asked again"),
        "nowHead": _("Now"),
        "stillWrong": _("✗ still wrong"),
    }


def _table() -> dict[str, str]:
    return {
        "row": _("Row"),
        "rowOf": _("{id} · row {n} of {all}"),
        "addRow": _("One more row"),
        "takeTable": _("Take the table along"),
        "takeForPartner": _("Take the claims alone, for a partner"),
        "bringTable": _("Bring a table"),
        "noTable": _("No table came: its first line needs headings among {columns}."),
        "tableBrought": _("{n} rows came. Columns that this form does not ask for: {without}."),
        "rowCut": _(
            "Row {n} has more cells than there are headings. A cell with a comma needs quotes "
            "around it."
        ),
        "cellFault": _("Row {n} ({id}), column “{column}”: {fault}"),
        "cellEmpty": _("it is empty."),
        "cellNone": _("“{cell}” is none of {choices}."),
        "cellDay": _("“{cell}” is no day. Write year-month-day, as in 2027-06-30, or 30.06.2027."),
        "cellPercent": _("“{cell}” is no number from 0 to 100."),
        "cellUndecided": _("there is a verdict, and nothing says what decides it."),
        "cellVerdict": _("“{verdict}” is no verdict on a claim of the kind “{kind}”: {choices}."),
        "cellEarly": _("it is not after the day on which the forecast was made."),
        "cellShare": _("“{cell}” is under 1. Write {percent} for {percent} per cent."),
    }


def _record() -> dict[str, str]:
    return {
        "nothingYet": _("Nothing is kept yet. Your first saved answer will appear here."),
        "doneTable": _("What you have done"),
        "lessonHead": _("Lesson"),
        "predictions": _("Predictions"),
        "claims": _("Claims judged"),
        "quiz": _("Quiz"),
        "allLessons": _("All lessons"),
        "askedTwice": _(
            "A claim that several lessons ask counts in each of them, and once in all lessons."
        ),
        "doneOf": _("{done} of {n}, {right} right"),
        "doneOpen": _("{done} of {n}"),
        "nothingScored": _(
            "Nothing is scored yet: that takes a quiz answer, a verdict, or a prediction whose "
            "answer you have seen."
        ),
        "bandTable": _("How sure you were, and how often you were right"),
        "bandHead": _("You said you were"),
        "answersHead": _("Answers"),
        "confidenceHead": _("How sure, on average"),
        "rightHead": _("Right"),
        "wordsHead": _("In words"),
        "band0": _("a guess (under 45 %)"),
        "band45": _("unsure (45 to 64 %)"),
        "band65": _("fairly sure (65 to 84 %)"),
        "band85": _("almost certain (85 % and more)"),
        "curve": _("Your own curve, how sure you were and how often you were right:"),
        "curvePoint": _("{n} answers, {sure} % sure, {right} % right"),
        "curveX": _("how sure you were"),
        "curveY": _("how often right"),
        "curveNote": _(
            "Your own curve. On the dashed line you are right as often as you say; below it you "
            "are too sure. A larger point stands for more answers."
        ),
        "noneYet": _("no answer yet"),
        "tooFew": _("too few to say; wait for {n}"),
        "inLine": _("as often as you said"),
        "surer": _("too sure"),
        "trusted": _("right more often than you said"),
        "againstChance": _(
            "You got {hits} of {n} right. Somebody who only guesses would get {blind} on the same "
            "questions."
        ),
        "brier": _(
            "Your Brier score is {score}. The lower it is, the better; 0 is perfect. Somebody who "
            "only guesses, and says so with the slider, gets {blind} on the same questions. If "
            "your score is higher than that, you were often sure and wrong."
        ),
        "whatCounts": _(
            "Only your first answer to each question counts, and only if you gave it before you "
            "saw the answer. Seen first, and left out: {n}."
        ),
        "openIn": _("Still open in lesson {number}: {parts}."),
        "openPredictions": _("predictions: {n}"),
        "openClaims": _("claims to judge: {n}"),
        "openQuiz": _("quiz questions: {n}"),
        "lessonDone": _("Lesson {number} is done."),
        "then": _("After that: lesson {number}, “{title}”."),
        "nextLesson": _("Next: lesson {number}, “{title}”."),
        "exerciseToo": _("With Python there is exercise {exercise} in the folder exercises."),
        "courseDone": _("Every lesson of the course is done."),
        "goOn": _("Continue"),
    }


def _files() -> dict[str, str]:
    return {
        "takeAlong": _("Take my answers along"),
        "bringIn": _("Bring in answers from a file"),
        "moving": _(
            "The book and the browser edition of one site share your answers. One file moves them "
            "to JupyterLab, to another browser or to another device. Bring it in there: nothing is "
            "lost, and nothing is counted twice."
        ),
        "brought": _("Brought in: {new} new answers. {known} were here already."),
        "broughtUnread": _("{unread} lines of the file could not be read and were left out."),
        "broughtNewer": _(
            "{newer} lines are of a newer release of the course. Keep the file, and bring it in "
            "again once this one is brought up to date."
        ),
        "allNewer": _(
            "These answers are of a newer release of the course, and nothing was changed. Bring "
            "them in again once this one is brought up to date."
        ),
        "noAnswers": _(
            "This is no file of answers, and nothing was changed. Bring the file that “Take my "
            "answers along” gave you."
        ),
        "erase": _("Delete my answers here"),
        "eraseSure": _("Delete all answers that are kept in this browser? It cannot be undone."),
        "erased": _("Your answers in this browser are deleted."),
    }
