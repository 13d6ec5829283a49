//! `compose.yaml` as far as it can be held without an engine: what it tells the program is what the program reads, and
//! would be believed.

use std::collections::BTreeMap;

use awsomeshop::platform::config::{Config, VARIABLES};

const COMPOSE: &str = include_str!("../../compose.yaml");
const REALM: &str = include_str!("../../ops/compose/realm.json");
/// Read by AWS's library and not by the shop's own reader.
const KEYS_OF_THE_STORE: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// The variables of the program: the lines below the anchor, a name and a value each.
fn environment() -> BTreeMap<&'static str, &'static str> {
    let block = COMPOSE.split_once("&environment\n").expect("an anchor for the environment").1;
    let lines = block.lines().take_while(|line| line.starts_with("  "));
    let pairs = lines.map(|line| line.trim().split_once(": ").expect("a name and a value"));
    pairs.map(|(name, value)| (name, value.trim_matches('"'))).collect()
}

#[test]
fn the_program_believes_what_compose_tells_it() {
    let told = environment();
    for name in told.keys() {
        assert!(VARIABLES.contains(name) || KEYS_OF_THE_STORE.contains(name), "nobody reads {name}");
    }
    let config = Config::read(|name| told.get(name).map(|value| (*value).to_owned()));
    assert_eq!(config.map(|config| config.public_url.to_string()), Ok("http://localhost:8080/".to_owned()));
}

#[test]
fn the_identity_provider_knows_the_shop_that_compose_starts() {
    let told = environment();
    let realm: serde_json::Value = serde_json::from_str(REALM).unwrap();
    let client = &realm["clients"][0];
    assert_eq!(told["OIDC_ISSUER_URL"].rsplit('/').next(), realm["realm"].as_str());
    assert_eq!(client["clientId"], told["OIDC_CLIENT_ID"]);
    assert_eq!(client["secret"], told["OIDC_CLIENT_SECRET"]);
    assert_eq!(client["redirectUris"][0], format!("{}/sign-in/callback", told["SHOP_PUBLIC_URL"]));
    let claims: Vec<_> = client["protocolMappers"]
        .as_array()
        .unwrap()
        .iter()
        .map(|mapper| &mapper["config"]["claim.name"])
        .collect();
    assert_eq!(claims, [told["OIDC_GROUPS_CLAIM"], "custom:employee_id"]);
    for group in realm["groups"].as_array().unwrap() {
        let name = group["name"].as_str().unwrap();
        assert!(told["SHOP_GROUP_ROLES"].contains(&format!("{name}=")), "{name} gives no role");
    }
}
