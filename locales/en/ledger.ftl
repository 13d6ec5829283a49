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
