//! Where parcels go.

/// A country.
pub struct Country {
    /// Two letters, ISO 3166.
    pub code: &'static str,
    /// Its name for the reader, in `locales/`.
    pub key: &'static str,
    /// Its name for the post: capitals, in English, whatever the reader's language is.
    pub label: &'static str,
}

/// Every country that can be chosen.
pub const COUNTRIES: &[Country] = &[
    Country { code: "AE", key: "country-ae", label: "UNITED ARAB EMIRATES" },
    Country { code: "AT", key: "country-at", label: "AUSTRIA" },
    Country { code: "AU", key: "country-au", label: "AUSTRALIA" },
    Country { code: "BE", key: "country-be", label: "BELGIUM" },
    Country { code: "BR", key: "country-br", label: "BRAZIL" },
    Country { code: "CA", key: "country-ca", label: "CANADA" },
    Country { code: "CH", key: "country-ch", label: "SWITZERLAND" },
    Country { code: "CN", key: "country-cn", label: "CHINA" },
    Country { code: "CZ", key: "country-cz", label: "CZECHIA" },
    Country { code: "DE", key: "country-de", label: "GERMANY" },
    Country { code: "DK", key: "country-dk", label: "DENMARK" },
    Country { code: "ES", key: "country-es", label: "SPAIN" },
    Country { code: "FI", key: "country-fi", label: "FINLAND" },
    Country { code: "FR", key: "country-fr", label: "FRANCE" },
    Country { code: "GB", key: "country-gb", label: "UNITED KINGDOM" },
    Country { code: "GR", key: "country-gr", label: "GREECE" },
    Country { code: "HU", key: "country-hu", label: "HUNGARY" },
    Country { code: "IE", key: "country-ie", label: "IRELAND" },
    Country { code: "IN", key: "country-in", label: "INDIA" },
    Country { code: "IT", key: "country-it", label: "ITALY" },
    Country { code: "JP", key: "country-jp", label: "JAPAN" },
    Country { code: "KR", key: "country-kr", label: "SOUTH KOREA" },
    Country { code: "LU", key: "country-lu", label: "LUXEMBOURG" },
    Country { code: "MX", key: "country-mx", label: "MEXICO" },
    Country { code: "NL", key: "country-nl", label: "NETHERLANDS" },
    Country { code: "NO", key: "country-no", label: "NORWAY" },
    Country { code: "NZ", key: "country-nz", label: "NEW ZEALAND" },
    Country { code: "PL", key: "country-pl", label: "POLAND" },
    Country { code: "PT", key: "country-pt", label: "PORTUGAL" },
    Country { code: "RO", key: "country-ro", label: "ROMANIA" },
    Country { code: "SE", key: "country-se", label: "SWEDEN" },
    Country { code: "SG", key: "country-sg", label: "SINGAPORE" },
    Country { code: "US", key: "country-us", label: "UNITED STATES" },
    Country { code: "ZA", key: "country-za", label: "SOUTH AFRICA" },
];

/// Countries of the list that have no postcodes, or whose people may not know theirs.
const WITHOUT_POSTCODES: [&str; 2] = ["AE", "IE"];

/// Whether an address in a country needs a postcode; in a country nobody knows it does.
#[must_use]
pub fn has_postcodes(code: &str) -> bool {
    !WITHOUT_POSTCODES.contains(&code)
}

/// The country of a code.
#[must_use]
pub fn find(code: &str) -> Option<&'static Country> {
    COUNTRIES.iter().find(|country| country.code == code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_country_is_there_once_under_its_own_key() {
        for country in COUNTRIES {
            assert_eq!(country.key, format!("country-{}", country.code.to_lowercase()));
            assert_eq!(COUNTRIES.iter().filter(|other| other.code == country.code).count(), 1);
            assert_eq!(country.label, country.label.to_uppercase());
        }
        assert!(find("DE").is_some() && find("de").is_none() && find("").is_none());
    }
}
