# The overview of HR's desk: what needs somebody, and today's figures.

overview-title = What needs you
overview-today = Today
overview-orders-today = Orders today
overview-orders-open = Open orders
overview-points-issued = Points given today
overview-points-redeemed = Points redeemed today
overview-more-than = { $count }+
overview-more = and { $count } more
overview-nothing = Nothing needs you here. Your desk is one click away.

overview-orders = Orders to hand over
overview-orders-all = All { $count }
overview-orders-none = Nothing waits.
overview-age-days = { $count ->
    [one] one day
   *[other] { $count } days
}
overview-age-hours = { $count ->
    [one] one hour
   *[other] { $count } hours
}
overview-age-new = just now

overview-grants = A second pair of eyes
overview-grants-none = No grant and no rule waits for anybody.
overview-rules-waiting = { $count ->
    [one] One rule waits
   *[other] { $count } rules wait
}
overview-grants-waiting = { $count ->
    [one] One run of grants waits
   *[other] { $count } runs of grants wait
}

overview-goods = Low stock
overview-goods-none = Enough of everything.
overview-pools = Codes running out
overview-pools-none = Enough codes of everything.
overview-left = { $count ->
    [0] None left
   *[other] { $count } left
}

overview-machinery = What runs by itself
overview-machinery-well = Everything runs.
overview-books-broken = The points books are wrong: { $laws }. Somebody has to look at once.
overview-books-stale = The points books were not checked for hours.
overview-job-failing = failed the last time
overview-job-stuck = has not been done for long
overview-job-done = Last done
overview-job-never = Never done so far
overview-job-deliver-outbox = Sending mail
overview-job-expire-points = Letting points lapse
overview-job-expire-leavers = Ending the points of people who left
overview-job-forget-imports = Forgetting sheets that nobody entered
overview-job-warn-of-expiry = Warning of points that lapse
overview-job-forget-sessions = Forgetting old sessions
overview-job-check-books = Checking the books
overview-job-apply-rules = Giving what the rules give
overview-job-work-grant-runs = Working at runs of grants
overview-job-other = Job { $name }

overview-mails = Mail
overview-mails-well = Every mail gets where it should.
overview-mails-stuck = { $count ->
    [one] One mail waits for more than an hour.
   *[other] { $count } mails wait for more than an hour.
}
overview-mails-retry = Try again
overview-mails-retry-all = Try all again
overview-mail-order-placed = Order placed
overview-mail-order-cancelled = Order cancelled
overview-mail-order-fulfilled = Order handed over
overview-mail-order-noted = A note about an order
overview-mail-points-expiring = Points that lapse
overview-mail-grant-made = Points granted
overview-mail-points-deducted = Points taken back
overview-mail-other = Mail { $name }
