//! Where a request comes from. Only what a trusted proxy appended is believed: the last entry of `X-Forwarded-For`.

use std::net::{IpAddr, Ipv4Addr};

use actix_web::HttpRequest;
use ipnet::IpNet;

const FORWARDED_FOR: &str = "x-forwarded-for";

/// The address a request came from, as far as it can be trusted.
#[must_use]
pub fn of(request: &HttpRequest, trusted_proxies: &[IpNet]) -> IpAddr {
    let peer = request.peer_addr().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |address| address.ip());
    if !trusted_proxies.iter().any(|network| network.contains(&peer)) {
        return peer;
    }
    let headers = request.headers().get_all(FORWARDED_FOR).last();
    let appended = headers.and_then(|value| value.to_str().ok()).and_then(|value| value.rsplit(',').next());
    appended.and_then(|address| address.trim().parse().ok()).unwrap_or(peer)
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_a_trusted_proxy_is_believed_and_only_its_own_entry() {
        let request = TestRequest::default()
            .peer_addr(([10, 0, 0, 9], 443).into())
            .insert_header((FORWARDED_FOR, "1.2.3.4, 198.51.100.7"))
            .to_http_request();
        let (proxy, other) = ("10.0.0.0/16".parse().unwrap(), "10.9.0.0/16".parse().unwrap());
        assert_eq!(of(&request, &[proxy]), IpAddr::from([198, 51, 100, 7]));
        assert_eq!(of(&request, &[other]), IpAddr::from([10, 0, 0, 9]));
        assert_eq!(of(&request, &[]), IpAddr::from([10, 0, 0, 9]));
    }

    #[test]
    fn of_several_lines_the_last_is_the_one_that_the_proxy_wrote() {
        let request = TestRequest::default()
            .peer_addr(([10, 0, 0, 9], 443).into())
            .append_header((FORWARDED_FOR, "1.2.3.4"))
            .append_header((FORWARDED_FOR, "5.6.7.8, 198.51.100.7"))
            .to_http_request();
        let proxy = "10.0.0.0/16".parse().unwrap();
        assert_eq!(of(&request, &[proxy]), IpAddr::from([198, 51, 100, 7]));
    }
}
