# The reports desk: what points did in some days.

reports-title = Reports
reports-range = Which days
reports-this-month = This month
reports-last-month = Last month
reports-this-quarter = This quarter
reports-this-year = This year
reports-from = From
reports-to = Up to
reports-look = Show
reports-no-range = These days cannot be shown. What is wrong stands beside them.
reports-moved = Points
reports-issued = Issued
reports-redeemed = Redeemed
reports-refunded = Given back
reports-expired = Expired
reports-deducted = Taken back
reports-outstanding = Outstanding at the end
reports-liability = Owed in money
reports-liability-note = A point is worth { $value }.
reports-trend = Issued, redeemed and expired over time
reports-trend-desc = Three columns for each day or month: issued, redeemed and expired points. The table below has the numbers.
reports-as-table = As a table
reports-nothing = Nothing has moved in these days.
reports-shares = Taking part
reports-participation = Participation
reports-participation-note = { $redeemers } of { $active } people redeemed more than was given back to them.
reports-rate = Redemption rate
reports-rate-note = Redeemed, less what was given back, of what was issued.
reports-never = Products never redeemed
reports-never-note = On offer now, and nobody has ever wanted them.
reports-expiring = Points that will expire
reports-expiring-within = Within { $days } days
reports-expiring-note = { $lots ->
    [one] in { $lots } portion
   *[other] in { $lots } portions
}
reports-expiring-count = { $points ->
    [one] { $points } point
   *[other] { $points } points
} { $lots ->
    [one] in { $lots } portion
   *[other] in { $lots } portions
}
reports-none-expiring-title = Nothing expires
reports-none-expiring = Everybody can take their time.
reports-top-products = Most redeemed products
reports-top-products-desc = A bar for each of the ten products on which most points were spent. The table below has the numbers.
reports-all-products = All products
reports-departments = By department
reports-departments-chart = Points redeemed by department
reports-departments-desc = A bar for each department, as long as the points its people redeemed. The table below has the numbers.
reports-department = Department
reports-no-department = Without a department
reports-all-departments = All departments
reports-when = When
reports-person = Person
reports-number = Number
reports-product = Product
reports-category = Category
reports-pieces = Pieces
reports-points = Points
reports-ever = Ever redeemed
reports-order = Order
reports-note = Note
reports-kind = Kind
reports-kind-all = Everything
reports-kind-grant = Issued
reports-kind-redeem = Redeemed
reports-kind-refund = Given back
reports-kind-expire = Expired
reports-kind-deduct = Taken back
reports-balance-after = Balance after it
reports-transfers = Transfers
reports-transfers-of = Transfers of { $name }
reports-transfers-of-everybody = Transfers of everybody
reports-transfers-count = { $count ->
    [0] No transfers
    [one] { $count } transfer
   *[other] { $count } transfers
}
reports-transfers-in = { $points ->
    [one] { $points } point in
   *[other] { $points } points in
}
reports-transfers-out = { $points ->
    [one] { $points } point out
   *[other] { $points } points out
}
reports-more = The first { $most } can be paged through; for the others ask for fewer days.
reports-people = People
reports-people-count = { $count ->
    [0] Nobody
    [one] { $count } person
   *[other] { $count } people
}
reports-products = Products
reports-products-count = { $count ->
    [0] No products
    [one] { $count } product
   *[other] { $count } products
}
reports-show = Show
reports-show-all = Everybody
reports-show-redeemed = Who redeemed more than was given back
reports-show-idle = Who redeemed nothing, or no more than was given back
reports-show-holding = Who held points at the end
reports-show-every-product = Every product
reports-show-sold = Redeemed in these days
reports-show-never = Never redeemed
reports-search-person = Name, number, department or e-mail
reports-search-product = Product
reports-held = Balance at the end
reports-left = Deactivated
reports-all = Together
reports-last-day = Last day
reports-none-title = Nothing fits
reports-none = Try other days, or ask for less.
reports-none-fits = Try fewer words, another department, or more days.
reports-back = Back to the reports
reports-active = Active people
reports-redeemers = Active people who redeemed more than was given back
reports-csv-figure = Figure
reports-csv-value = Value
reports-csv-number = Number
reports-too-many = More than { $most } people fit this search. Only some of them are looked for, here and in the file: type more of the name.
