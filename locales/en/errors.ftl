# When something cannot be done.

error-back-to-shop = Back to the shop
error-back-to-cart = Back to the cart
error-back-to-desk = Back to the desk
error-request-id = If you ask for help, mention this number:

error-bad-request-title = That did not make sense to us
error-bad-request-sentence = The page sent something we could not read. Please go back and try again.
error-forbidden-title = This is not for you
error-forbidden-sentence = Your account has no access to this page. If it should, ask HR.
error-cross-origin-sentence = For your safety this was refused, because it did not come from one of the shop’s own pages. Please try it again from there.
error-not-found-title = Nothing here
error-not-found-sentence = There is no such page, or it is not yours to see.
error-method-not-allowed-title = That is not how this works
error-method-not-allowed-sentence = This address cannot be used like that. Please start from the shop.
error-request-timeout-title = That took too long
error-request-timeout-sentence = Your request did not reach us in time. Please try again.
error-payload-too-large-title = That is too much
error-payload-too-large-sentence = What you sent is larger than we accept.
error-invalid-title = Something is not quite right
error-invalid-sentence = Some of what you entered does not fit. Please go back and look it over.
error-refused-title = That could not be done
error-too-many-title = A little too fast
error-too-many-sentence = { $seconds ->
    [one] Please wait a second, then try again.
   *[other] Please wait { $seconds } seconds, then try again.
}
error-too-fast-sentence = So many requests in so little time are more than we can serve to one person. Nothing was done; please wait a few seconds.
error-busy-title = The shop is very full
error-busy-sentence = More people are here than we can serve at once. Nothing was done; please try again in a few seconds.
error-unavailable-title = Back in a moment
error-unavailable-sentence = The shop is not available just now. Nothing is lost; please try again shortly.
error-internal-title = That was our fault
error-internal-sentence = Something broke on our side. Nothing was half done; please try again.
