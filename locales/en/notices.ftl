# Mail that the shop sends.

notice-greeting = Hello { $name },
notice-order-placed-subject = Your order { $number }
notice-order-placed-thanks = thank you, we have your order { $number }:
notice-order-placed-line = { $count } × { $name }: { $points } points
notice-order-placed-total = Redeemed: { $points } points
notice-order-placed-balance = Left to spend: { $points } points
notice-order-placed-delivery = It goes to:
notice-order-placed-page = See your order, and its codes if it has any: { $address }
