# The catalog and a product's page.

catalog-title = Shop
catalog-title-search = “{ $words }”
catalog-heading = Something good, on us
catalog-lead = { $points ->
    [0] You have no points to spend just now. Have a look around all the same.
    [one] You have { $points } point to spend.
   *[other] You have { $points } points to spend.
}
catalog-category = Category
catalog-category-all = Everything
catalog-affordable = Within my points
catalog-in-stock = In stock
catalog-price = Price
catalog-price-min = From (points)
catalog-price-max = Up to (points)
catalog-sort = Sort by
catalog-sort-newest = Newest first
catalog-sort-price-up = Price: low to high
catalog-sort-price-down = Price: high to low
catalog-sort-name = Name: A to Z
catalog-sort-most-redeemed = Most redeemed
catalog-apply = Apply
catalog-clear = Clear all filters
catalog-filter-problem = Part of the filter is left out:
catalog-results = Products
catalog-count = { $count ->
    [0] No products
    [one] { $count } product
   *[other] { $count } products
}
catalog-count-for = for “{ $words }”
catalog-empty-title = Nothing here fits
catalog-empty = Try fewer words or a wider filter.
catalog-sold-out = Sold out
catalog-low = Only { $count } left
catalog-digital = Digital
catalog-short = { $points } short

product-pictures = Pictures
product-picture-number = Picture { $number }
product-quantity = Quantity
product-available = In stock
product-redeem-now = Redeem now
product-add-to-cart = Add to cart
product-short = { $points ->
    [one] You are { $points } point short of this. You can still keep it in your cart.
   *[other] You are { $points } points short of this. You can still keep it in your cart.
}
product-balance-after = { $points ->
    [0] This uses exactly all of your points.
    [one] Leaves you { $points } point.
   *[other] Leaves you { $points } points.
}
product-digital = A code, yours to see as soon as you redeem it.
product-delivery = Sent to your home or to an office.
product-in-cart = { $count ->
    [one] { $count } already in your cart
   *[other] { $count } already in your cart
}
product-withdrawn = This is no longer offered.
product-sold-out = Sold out for now. Look in again: it may come back.
product-limit = { $period ->
    [week] { $left } of { $limit } left this week
    [month] { $left } of { $limit } left this month
    [year] { $left } of { $limit } left this year
   *[ever] { $left } of { $limit } left for you
}
product-limit-reached = { $period ->
    [week] You have redeemed your { $limit } for this week. From { $day } you can again.
    [month] You have redeemed your { $limit } for this month. From { $day } you can again.
    [year] You have redeemed your { $limit } for this year. From { $day } you can again.
   *[ever] You have redeemed { $limit } of these, and that is all that each person can have.
}
product-limit-in-cart = { $period ->
    [week] { $left } of { $limit } left this week, and in your cart already.
    [month] { $left } of { $limit } left this month, and in your cart already.
    [year] { $left } of { $limit } left this year, and in your cart already.
   *[ever] { $left } of { $limit } left for you, and in your cart already.
}
product-about = About this
product-how-to-use = How to use it
product-terms = Terms
