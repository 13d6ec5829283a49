# A person's points and their statement.

ledger-title = Your points
ledger-balance = You can spend
ledger-browse = Find something good
ledger-expiring = What you have, and until when
ledger-soon = { $points ->
    [one] { $points } point is over within 30 days, after { $day }.
   *[other] { $points } points are over within 30 days, the first after { $day }.
}
ledger-statement = Statement
ledger-filter-kind = Kind
ledger-filter-from = From
ledger-filter-to = Up to
ledger-count = { $count ->
    [0] No entries
    [one] { $count } entry
   *[other] { $count } entries
}
ledger-show-all = Show all
ledger-csv = Download (CSV)
ledger-none-title = No entry fits
ledger-none = Try another kind, or a longer time.
ledger-empty-title = No points yet
ledger-empty = When your company thanks you with points, you will see them here.
ledger-column-day = Date
ledger-column-what = What
ledger-column-amount = Points
ledger-column-balance = Balance
ledger-plus = +{ $points }
ledger-minus = −{ $points }

ledger-kind-all = Everything
ledger-kind-grant = Received
ledger-kind-redeem = Redeemed
ledger-kind-refund = Given back
ledger-kind-expire = Expired
ledger-kind-deduct = Taken back

ledger-what-grant = Points received
ledger-what-redeem = Order { $number }
ledger-what-refund = Given back for order { $number }
ledger-what-expire = Points expired
ledger-what-deduct = Points taken back

ledger-csv-at = Date and time
ledger-csv-what = What
ledger-csv-note = Note
ledger-csv-amount = Points
ledger-csv-balance = Balance

# A person's account at HR's desk.
hr-account-title = Points of { $name }
hr-account-balance = Can be spent now
hr-account-received = Received in all
hr-account-redeemed = Redeemed, less what was given back
hr-account-expired = Expired
hr-account-taken-back = Taken back
hr-account-soon = Expire within 30 days
hr-account-lots = What is there
hr-account-lots-hint = What expires first is spent first: this is the order.
hr-account-came-from = Came from
hr-account-given-on = Received
hr-account-good-until = Good until
hr-account-began-with = Began with
hr-account-left = Left
hr-account-went-to = { $count ->
    [one] One thing was paid from it
   *[other] { $count } things were paid from it
}
hr-account-paid-from = { $count ->
    [one] Out of one grant
   *[other] Out of { $count } grants
}
hr-account-back-into = { $count ->
    [one] Back into one grant
   *[other] Back into { $count } grants
}
hr-account-whereabouts = Where it went: { $left ->
    [0] nothing is left
   *[other] { $left } left
}
hr-account-untouched = Nothing of it was used yet.
hr-account-empty = Nothing has happened here yet.
