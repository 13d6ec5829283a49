# Points for many people at once.

runs-title = Runs
runs-new-sheet = Upload a sheet
runs-new-many = Give to many
runs-waiting = { $count ->
    [one] One run waits for a second pair of eyes.
   *[other] { $count } runs wait for a second pair of eyes.
}
runs-waiting-look = Have a look
runs-approval-above = Runs of more than { $points } points wait until a second person has looked at them.
runs-search-label = Search by file, note or maker
runs-search-placeholder = File, note, maker
runs-none-title = No run fits
runs-none = Try other words or another state.
runs-show-all = Show all runs
runs-empty-title = No runs yet
runs-empty = A run gives points to many people at once: from a sheet, or to everybody a filter picks.
runs-count = { $count ->
    [one] One run
   *[other] { $count } runs
}
runs-csv = Download as CSV

runs-column-run = Run
runs-column-made = Made
runs-column-origin = From
runs-column-file = File
runs-column-maker = By
runs-column-rows = People
runs-column-total = Points
runs-column-state = State
runs-column-who = Number or e-mail
runs-column-amount = Amount
runs-column-line = Line
runs-column-person = Person
runs-column-problem = Problem

runs-state-all = All
runs-state-draft = Draft
runs-state-waiting = Waits for approval
runs-state-running = Under way
runs-state-done = Done
runs-state-reversing = Being taken back
runs-state-reversed = Taken back
runs-state-rejected = Rejected
runs-state-discarded = Discarded

runs-origin-sheet = Sheet
runs-origin-many = Picked people
runs-origin-single = Single grant

runs-reason-choose = Please choose

runs-ends-policy = As for all points
runs-ends-never = Never
runs-ends-day = On a day of their own
runs-ends-until = { $day }

runs-field-file = The sheet
runs-field-file-hint = A CSV file. You can drop it here.
runs-field-reason = Reason
runs-field-note = Note
runs-field-note-all = Note for all rows without one of their own; people read it
runs-field-note-many = Note; people read it
runs-field-ends = They lapse
runs-field-ends-on = Last day, if it is their own
runs-field-each = Points for each
runs-field-department = Department
runs-field-office = Office
runs-field-hired-from = Hired on or after
runs-field-hired-to = Hired on or before
runs-field-pick = Name, number, department or e-mail
runs-any-department = Any
runs-any-office = Any
runs-check = Check the sheet
runs-check-many = Look it over
runs-check-hint = Nothing is given yet: first you see every row.
runs-form-problem = Something is missing or does not fit. Please see below.
runs-no-file = Please choose a file.
runs-no-column = This sheet needs a column for the person (“number” or “e-mail”) and one called “amount”.
runs-sheet-title = What the sheet looks like
runs-sheet-columns = One row for each person: their number or e-mail address, a whole amount, and a note if they are to read another one.
runs-sheet-sample = number or e-mail,amount,note
    E-1001,50,Thank you for the launch
    zoe@example.com,120,
runs-sheet-kinds = Commas, semicolons or tabs; as Excel, Numbers or Google Sheets save CSV. Up to { $most } rows.

runs-picked = { $count ->
    [0] Nobody is picked
    [one] One person is picked
   *[other] { $count } people are picked
}
runs-picked-nobody = Try a wider filter.
runs-picked-more = and { $count } more
runs-picked-too-many = These are too many for one run: { $most } at most.
runs-picked-hint = Only people who are active; you yourself are left out.

runs-progress = Progress
runs-progress-give = { $done } of { $of } people have their points.
runs-progress-back = { $done } of { $of } grants are dealt with.
runs-progress-hint = It goes on by itself; you can leave this page.
runs-progress-reload = Look again
runs-report = { $count ->
    [one] One person has received { $points } points.
   *[other] { $count } people have received { $points } points.
}
runs-report-failed = { $count ->
    [one] One row could not be granted any more; below stands why.
   *[other] { $count } rows could not be granted any more; below stands why.
}
runs-report-back = { $count ->
    [one] One grant was taken back, { $points } points.
   *[other] { $count } grants were taken back, { $points } points.
}
runs-report-kept = { $count ->
    [one] One had been touched already and stays.
   *[other] { $count } had been touched already and stay.
}
runs-rejected = { $name } rejected it on { $day }:

runs-figure-good = people, each once
runs-figure-total = points in all
runs-figure-bad = rows with problems
runs-figure-unusual = unusual amounts
runs-figure-granted = Granted
runs-figure-untouched = grants are untouched
runs-figure-untouched-points = points can be taken back
runs-figure-touched = were spent, have lapsed or were taken back
runs-figure-touched-points = points were granted by these

runs-bad-rows = { $count ->
    [one] One row cannot be granted.
   *[other] { $count } rows cannot be granted.
}
runs-bad-download = Download them with the reasons
runs-commit-title = Give the points
runs-unusual = { $count ->
    [one] One amount is far above the others. Please look at it once more.
   *[other] { $count } amounts are far above the others. Please look at them once more.
}
runs-good-only = { $bad ->
    [one] Leave out the row with a problem and give to { $good } people
   *[other] Leave out the { $bad } rows with problems and give to { $good } people
}
runs-seen-before = The same people have got the same amounts before:
runs-again = I know, and mean it once more
runs-needs-approval = It is so much that somebody else of the points desk has to look at it first.
runs-no-judge = Nobody can approve this: whoever else could is given points by it. Leave one of them out, and give theirs separately.
runs-commit = { $count ->
    [one] Give { $points } points to one person
   *[other] Give { $points } points to { $count } people
}
runs-commit-waiting = Ask for approval of { $points } points
runs-judge-title = A second pair of eyes
runs-judge = { $count ->
    [one] { $name } would like to give { $points } points to one person.
   *[other] { $name } would like to give { $points } points to { $count } people.
}
runs-approve = Approve, and begin
runs-reject = Reject
runs-reject-reason = Why not
runs-waits-for-another = It waits for somebody else.
runs-facts = About this run
runs-approved-by = Approved by
runs-taken-back-by = Taken back by
runs-discard = Discard this run

runs-take-back = Take the run back
runs-take-back-hint = What is untouched goes back; people are told why. What was spent stays with them.
runs-take-back-reason = Why
runs-take-back-button = { $count ->
    [one] Take one grant back
   *[other] Take { $count } grants back
}
runs-take-back-not-now = This run cannot be taken back: it is not done, gave nothing, or was taken back before.

runs-rows-title = Rows
runs-rows-filter = Which rows
runs-rows-search = Name, number or e-mail
runs-rows-all = Show all rows
runs-rows-count = { $count ->
    [one] One row
   *[other] { $count } rows
}
runs-view-all = All
runs-view-problems = With problems
runs-view-unusual = Unusual
runs-view-good = To be given
runs-view-granted = Given
runs-view-taken-back = Taken back
runs-view-kept = Not taken back

runs-row-good = Good
runs-row-bad = Left out
runs-row-granted = Given
runs-row-failed = Not given
runs-row-taken-back = Taken back
runs-row-kept = Stays
runs-row-unusual = Unusual

runs-problem-nobody = Neither number nor e-mail
runs-problem-unknown = Nobody has this number or address
runs-problem-two-people = Number and e-mail belong to two people
runs-problem-inactive = Has left
runs-problem-maker = You cannot give to yourself
runs-problem-twice = Already in line { $line }
runs-problem-no-amount = No amount
runs-problem-not-whole = Not a whole number in plain digits
runs-problem-not-positive = Not above zero
runs-problem-too-large = More than one grant may be
runs-problem-note-too-long = The note is too long
runs-problem-over-balance = The account would hold too much
runs-problem-ended = The points would be over already
runs-problem-touched = Spent, lapsed or taken back before

flash-run-begun = It has begun.
flash-run-waits = It waits for somebody else to look at it.
flash-run-discarded = The run is discarded.
flash-run-rejected = The run is rejected.
flash-run-reversing = What is untouched is being taken back.

form-confirm = Please tick this to go on.

refusal-run-not-yours = Only whoever made this run can do that.
refusal-run-own = You made it, so it is for somebody else to judge.
refusal-run-gives-to-you = You would get points by it, so it is for somebody else to judge.
refusal-run-nothing-to-grant = No row of this run can be granted.
refusal-run-nothing-to-take-back = Nothing of this run was granted.
refusal-run-ends-passed = The last day of these points is over. Please make the run again with another one.
