# The page that confirms an order, and every "no" a checkout can meet.

checkout-title = Check and redeem
checkout-back = Back to the cart
checkout-delivery = Where should it go?
checkout-to-you = To you
checkout-to-office = To an office, free to collect
checkout-new-address = Add an address
checkout-codes = Codes need no delivery: they appear on the order’s page at once.
checkout-lines = What you get
checkout-times = { $count } × { $points ->
    [one] { $points } point
   *[other] { $points } points
}
checkout-summary = What it takes
checkout-balance = Your balance
checkout-total = Total
checkout-balance-after = Left afterwards
checkout-lots = Points used, soonest to expire first
checkout-short = { $points ->
    [one] You are { $points } point short.
   *[other] You are { $points } points short.
}
checkout-redeem = { $points ->
    [one] Redeem { $points } point
   *[other] Redeem { $points } points
}

refusal-cart-empty = Your cart is empty, so there is nothing to redeem.
refusal-price-changed = The total changed from { $was } to { $now } points. Please look at it again before you redeem.
refusal-cart-changed = Your cart changed since you opened this page. Please look at it again before you redeem.
refusal-not-enough-points = { $short ->
    [one] You are { $short } point short. Nothing was redeemed.
   *[other] You are { $short } points short. Nothing was redeemed.
}
refusal-out-of-stock = { $left ->
    [0] { $name } has just sold out. Nothing was redeemed.
    [one] Only { $left } of { $name } is left. Nothing was redeemed.
   *[other] Only { $left } of { $name } are left. Nothing was redeemed.
}
refusal-withdrawn = { $name } is no longer offered. Nothing was redeemed.
refusal-limit-reached = { $period ->
    [week] Each person can redeem { $limit } of { $name } a week, and you have { $left } left. Nothing was redeemed.
    [month] Each person can redeem { $limit } of { $name } a month, and you have { $left } left. Nothing was redeemed.
    [year] Each person can redeem { $limit } of { $name } a year, and you have { $left } left. Nothing was redeemed.
   *[ever] Each person can redeem { $limit } of { $name } in all, and you have { $left } left. Nothing was redeemed.
}
refusal-order-limit-reached = { $period ->
    [week] You have placed all the orders there are for one person this week: { $limit }. Nothing was redeemed.
    [month] You have placed all the orders there are for one person this month: { $limit }. Nothing was redeemed.
    [year] You have placed all the orders there are for one person this year: { $limit }. Nothing was redeemed.
   *[ever] You have placed all the orders there are for one person: { $limit }. Nothing was redeemed.
}
refusal-point-limit-reached = { $period ->
    [week] Each person can redeem { $limit } points a week, and you have { $left } of them left. Nothing was redeemed.
    [month] Each person can redeem { $limit } points a month, and you have { $left } of them left. Nothing was redeemed.
    [year] Each person can redeem { $limit } points a year, and you have { $left } of them left. Nothing was redeemed.
   *[ever] Each person can redeem { $limit } points in all, and you have { $left } of them left. Nothing was redeemed.
}
refusal-person-inactive = Your account is not active, so nothing can be redeemed. Please ask HR.
refusal-key-reused = This page was already used for another order. Please start again from your cart.
refusal-too-many-in-cart = A cart holds up to { $limit } different things. Please remove one first.
refusal-too-many-of-one = You can have up to { $limit } of { $name } in your cart.
refusal-too-many-addresses = You can keep up to { $limit } addresses. Please remove one first.
refusal-nothing-to-fulfil = There is nothing left to hand over for this order.
refusal-cancel-begun = This order is being prepared already, so it can no longer be cancelled here. HR can still stop it.
refusal-cancel-handed-over = This has been handed over, so it can no longer be cancelled.
refusal-cancel-code-shown = A code of this order was shown, and what was seen cannot be given back.
refusal-cancel-too-late = The time to cancel this order is over. HR may still be able to help.
refusal-cancel-nothing-left = There is nothing left of this that could be cancelled.
refusal-changed-meanwhile = Somebody else changed this meanwhile. Please look at it as it is now, then try again.
refusal-grant-spent = This grant cannot be taken back: only { $left ->
    [one] { $left } point is
   *[other] { $left } points are
} left of it.
refusal-grant-to-self = Nobody can grant points to themselves.
refusal-own-record = This is about yourself. Please ask somebody else at this desk.
refusal-import-forgotten = This sheet was looked at more than a day ago and is forgotten. Please upload it again.
