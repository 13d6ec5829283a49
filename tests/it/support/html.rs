//! A page as a person meets it: its texts, and its forms to be filled in and sent as they were rendered.

use scraper::{ElementRef, Selector};

/// A page or a fragment.
pub struct Html(scraper::Html);

/// A form with everything a browser would send.
#[derive(Clone, Debug)]
pub struct Form {
    pub action: String,
    /// `get` or `post`.
    pub method: String,
    /// What would be sent now, in order; buttons are sent only when pressed.
    pub fields: Vec<(String, String)>,
}

impl Html {
    pub fn of(text: &str) -> Self {
        Self(scraper::Html::parse_document(text))
    }

    /// The text of the one element that fits, spaces collapsed.
    #[track_caller]
    pub fn text_of(&self, css: &str) -> String {
        text(self.one(css))
    }

    /// The texts of all elements that fit.
    pub fn all(&self, css: &str) -> Vec<String> {
        self.0.select(&selector(css)).map(text).collect()
    }

    /// How many elements fit.
    pub fn count(&self, css: &str) -> usize {
        self.0.select(&selector(css)).count()
    }

    /// Whether any element fits.
    pub fn has(&self, css: &str) -> bool {
        self.count(css) > 0
    }

    /// An attribute of the one element that fits.
    #[track_caller]
    pub fn attribute(&self, css: &str, name: &str) -> Option<String> {
        self.one(css).attr(name).map(str::to_owned)
    }

    /// An attribute of all elements that fit and have it.
    pub fn attributes(&self, css: &str, name: &str) -> Vec<String> {
        self.0.select(&selector(css)).filter_map(|element| element.attr(name)).map(str::to_owned).collect()
    }

    /// The one form that fits, as it was rendered.
    #[track_caller]
    pub fn form(&self, css: &str) -> Form {
        let form = self.one(css);
        let fields = form.select(&selector("input, select, textarea")).filter_map(field).collect();
        Form {
            action: form.attr("action").unwrap_or_default().to_owned(),
            method: form.attr("method").unwrap_or("get").to_lowercase(),
            fields,
        }
    }

    /// The fields of the one form that fits, as they were rendered.
    #[track_caller]
    pub fn form_fields(&self, css: &str) -> Vec<(String, String)> {
        self.form(css).fields
    }

    #[track_caller]
    fn one(&self, css: &str) -> ElementRef<'_> {
        let found: Vec<_> = self.0.select(&selector(css)).collect();
        assert_eq!(found.len(), 1, "{css} fits {} elements in\n{}", found.len(), self.0.html().trim());
        found[0]
    }
}

impl Form {
    /// The same with a field filled in, or a button pressed.
    #[must_use]
    pub fn with(mut self, name: &str, value: &str) -> Self {
        match self.fields.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => value.clone_into(old),
            None => self.fields.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    /// What a field holds.
    #[track_caller]
    pub fn value(&self, name: &str) -> &str {
        let field = self.fields.iter().find(|(known, _)| known == name);
        &field.unwrap_or_else(|| panic!("no field {name} in {self:?}")).1
    }
}

/// What a browser sends of a field, if anything.
fn field(element: ElementRef<'_>) -> Option<(String, String)> {
    let name = element.attr("name").filter(|name| !name.is_empty())?.to_owned();
    if element.attr("disabled").is_some() {
        return None;
    }
    let value = match element.value().name() {
        "textarea" => element.text().collect(),
        "select" => {
            let selected = element.select(&selector("option[selected]")).next();
            let option = selected.or_else(|| element.select(&selector("option")).next())?;
            option.attr("value").map_or_else(|| text(option), str::to_owned)
        }
        _ => match element.attr("type").unwrap_or("text") {
            "submit" | "button" | "reset" | "image" | "file" => return None,
            "checkbox" | "radio" if element.attr("checked").is_none() => return None,
            "checkbox" | "radio" => element.attr("value").unwrap_or("on").to_owned(),
            _ => element.attr("value").unwrap_or_default().to_owned(),
        },
    };
    Some((name, value))
}

fn text(element: ElementRef<'_>) -> String {
    let text: String = element.text().collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn selector(css: &str) -> Selector {
    Selector::parse(css).unwrap_or_else(|error| panic!("{css} is no selector: {error:?}"))
}
