# The pictures of products: HR's page of them, and why a file cannot become one.

hr-pictures-title = Pictures of { $name }
hr-pictures-heading = Pictures
hr-pictures-count = { $count } of { $most }
hr-pictures-none = There are no pictures yet. Until there is one, lists show a gift box.
hr-pictures-more = More pictures
hr-pictures-full = There are { $most } pictures, as many as a product can have. Remove one to make room for another.
hr-pictures-files = Files
hr-pictures-files-hint = JPEG, PNG or WebP, each up to 10 MB and 25 megapixels, all together up to 25 MB. If one of them cannot be used, none is uploaded. { $room ->
    [one] There is room for one more.
   *[other] There is room for { $room } more.
}
hr-pictures-alt-hint = Read aloud to those who do not see the picture. Several files get the same words; change them afterwards.
hr-pictures-upload = Upload
hr-pictures-shape = Lists show the middle of each picture as a square, the product’s page shows all of it. Photographs are turned the right way up, and where and when they were taken is forgotten. Of animated pictures only a still one can be used.
hr-picture-number = Picture { $number }
hr-picture-first = Shown in lists
hr-picture-alt = What it shows
hr-picture-save = Save
hr-picture-earlier = Earlier
hr-picture-later = Later
hr-picture-remove = Remove

flash-pictures-added = { $name } has new pictures.
flash-picture-described = The words for the picture are saved.
flash-picture-moved = The order is saved.
flash-picture-removed = The picture is removed.

picture-too-many = { $left ->
    [0] There are { $most } pictures already, as many as a product can have.
    [one] A product can have { $most } pictures: there is room for one more.
   *[other] A product can have { $most } pictures: there is room for { $left } more.
}
picture-empty = “{ $name }” is empty.
picture-too-heavy = “{ $name }” is larger than 10 MB.
picture-not-a-picture = “{ $name }” is no JPEG, PNG or WebP picture, whatever its name says.
picture-too-many-pixels = “{ $name }” has { $width } × { $height } pixels. A picture can have 25 megapixels, and 16,000 pixels on a side.
picture-moving = “{ $name }” is animated. Please choose a still picture.
picture-unreadable = “{ $name }” cannot be read: it is damaged or not complete.
picture-too-detailed = “{ $name }” has so much detail that it cannot be made small enough for a page.
