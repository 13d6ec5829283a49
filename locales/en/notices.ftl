# Mail that the shop sends.

notice-greeting = Hello { $name },
notice-order-placed-subject = Your order { $number }
notice-order-placed-thanks = thank you, we have your order { $number }. You find it here:
notice-order-placed-line = { $count } × { $name }
notice-order-placed-total = Redeemed
notice-order-placed-balance = Left to spend
notice-order-placed-delivery = It goes to:
notice-order-placed-page = On the order’s page you can follow it. Voucher codes are shown there and never sent by mail.

notice-order-cancelled-subject = Order { $number } is cancelled
notice-order-cancelled-whole = your order { $number } is cancelled, and your points are back. You find it here:
notice-order-cancelled-part = a part of your order { $number } is cancelled, and the points for it are back. You find it here:
notice-order-cancelled-reason = The reason:
notice-order-cancelled-refunded = Given back
notice-order-cancelled-grace = Some of these points had passed their day. They are good until { $day }.

notice-order-fulfilled-subject = { $sent ->
    [yes] Order { $number } is on its way
   *[no] Order { $number } is handed over
}
notice-order-fulfilled-sentence = { $sent ->
    [yes] your order { $number } is on its way. You find it here:
   *[no] your order { $number } has been handed over. You find it here:
}
notice-order-fulfilled-delivery = { $sent ->
    [yes] It goes to:
   *[no] Where it was to be collected:
}

notice-order-noted-subject = A note about your order { $number }
notice-order-noted-sentence = there is a note about your order { $number }. You find it here:

notice-points-expiring-subject = { $points ->
    [one] { $points } point is
   *[other] { $points } points are
} good until { $day }
notice-points-expiring-sentence = { $points ->
    [one] { $points } of your points is
   *[other] { $points } of your points are
} good until { $day } and will be gone after that day. You see what you have here:
notice-points-expiring-order = What expires first is always spent first, so there is nothing to choose: just find something good.

notice-grant-made-subject = You have received { $points ->
    [one] { $points } point
   *[other] { $points } points
}
notice-grant-made-sentence = you have received { $points ->
    [one] { $points } point
   *[other] { $points } points
}. HR writes:
notice-grant-made-until = They are good until { $day }.
notice-grant-made-balance = You can spend { $points ->
    [one] { $points } point
   *[other] { $points } points
} now. You see all of it here:

notice-points-deducted-subject = { $points ->
    [one] { $points } point was
   *[other] { $points } points were
} taken from your account
notice-points-deducted-sentence = HR has taken { $points ->
    [one] { $points } point
   *[other] { $points } points
} from your account and writes:
