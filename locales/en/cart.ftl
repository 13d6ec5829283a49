# The cart.

cart-title = Your cart
cart-announce = { $points ->
    [0] Your cart is empty.
    [one] Cart updated. Total: { $points } point.
   *[other] Cart updated. Total: { $points } points.
}
cart-empty-title = Your cart is empty
cart-empty = Good things are waiting in the shop.
cart-empty-browse = Look around
cart-lines-label = In your cart
cart-each = { $points ->
    [one] { $points } point each
   *[other] { $points } points each
}
cart-quantity-of = Quantity of { $name }
cart-one-less = One fewer of { $name }
cart-one-more = One more of { $name }
cart-update = Update
cart-remove = Remove
cart-summary = Summary
cart-balance = Your balance
cart-total = Total
cart-balance-after = Left afterwards
cart-short = { $points ->
    [one] You are { $points } point short. Take something out, or save up a little longer.
   *[other] You are { $points } points short. Take something out, or save up a little longer.
}
cart-problems = Something in your cart needs a look first.
cart-check-out = Go to checkout
cart-continue = Keep looking

cart-mark-sold-out = Sold out. Please remove it to go on.
cart-mark-withdrawn = No longer offered. Please remove it to go on.
cart-mark-only-left = { $count ->
    [one] Only { $count } is left. Please reduce the quantity.
   *[other] Only { $count } are left. Please reduce the quantity.
}
cart-mark-price-changed = The price changed from { $was } to { $now } points since you added this.
cart-mark-beyond-limit = { $left ->
    [0] { $period ->
        [week] You have redeemed your { $limit } for this week. Please remove it to go on, or come back from { $day }.
        [month] You have redeemed your { $limit } for this month. Please remove it to go on, or come back from { $day }.
        [year] You have redeemed your { $limit } for this year. Please remove it to go on, or come back from { $day }.
       *[ever] You have redeemed { $limit } of these, and that is all that each person can have. Please remove it to go on.
    }
   *[other] { $period ->
        [week] Only { $left } of { $limit } left for you this week. Please reduce the quantity.
        [month] Only { $left } of { $limit } left for you this month. Please reduce the quantity.
        [year] Only { $left } of { $limit } left for you this year. Please reduce the quantity.
       *[ever] Only { $left } of { $limit } left for you. Please reduce the quantity.
    }
}
cart-beyond-order-limit = { $period ->
    [week] You have placed all the orders there are for one person this week: { $limit }. From { $day } you can again.
    [month] You have placed all the orders there are for one person this month: { $limit }. From { $day } you can again.
    [year] You have placed all the orders there are for one person this year: { $limit }. From { $day } you can again.
   *[ever] You have placed all the orders there are for one person: { $limit }.
}
cart-beyond-point-limit = { $period ->
    [week] Each person can redeem { $limit } points a week, and you have { $left } of them left. From { $day } it is { $limit } again.
    [month] Each person can redeem { $limit } points a month, and you have { $left } of them left. From { $day } it is { $limit } again.
    [year] Each person can redeem { $limit } points a year, and you have { $left } of them left. From { $day } it is { $limit } again.
   *[ever] Each person can redeem { $limit } points in all, and you have { $left } of them left.
}
