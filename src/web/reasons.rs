//! Why points were given and taken, in words: every desk calls a reason the same.

use crate::web::text::Text;

/// The sentence of a reason's code; a code that nobody gives any more shows itself.
#[must_use]
pub fn reason_label(text: Text, code: &str) -> String {
    match code {
        "thank-you" => text.say("grants-reason-thank-you"),
        "achievement" => text.say("grants-reason-achievement"),
        "idea" => text.say("grants-reason-idea"),
        "referral" => text.say("grants-reason-referral"),
        "campaign" => text.say("grants-reason-campaign"),
        "anniversary" => text.say("grants-reason-anniversary"),
        "compensation" => text.say("grants-reason-compensation"),
        "other" => text.say("grants-reason-other"),
        "monthly" => text.say("grants-reason-monthly"),
        "birthday" => text.say("grants-reason-birthday"),
        "welcome" => text.say("grants-reason-welcome"),
        "mistake" => text.say("grants-reason-mistake"),
        "twice" => text.say("grants-reason-twice"),
        "agreed" => text.say("grants-reason-agreed"),
        "adjustment" => text.say("grants-reason-adjustment"),
        unknown => return unknown.to_owned(),
    }
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_becomes_its_sentence_and_an_unknown_one_shows_itself() {
        let labels = ["mistake", "thank-you", "of-old"].map(|code| reason_label(Text::english(), code));
        assert_eq!(labels, ["Given by mistake", "Thank-you", "of-old"]);
    }
}
