//! Invented texts: they have the shape of the original, and nothing of its content.
//!
//! An invented text depends on the shape of the original and on the number of earlier texts, never on its content. So
//! the original cannot be reconstructed. Equal texts get equal replacements, different texts get different ones.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::originals::{Originals, TELLING};
use super::times::Shift;

/// Replaces texts.
#[derive(Debug, Default)]
pub(super) struct Inventor {
    /// The replacement of each text, both in lower case; the case of the original is applied later.
    known: BTreeMap<String, String>,
    used: BTreeSet<String>,
    people: BTreeMap<String, usize>,
    hosts: BTreeMap<String, usize>,
    /// Addresses of machines, of version 4 and 6 in one count.
    machines: BTreeMap<String, usize>,
    /// Texts that must not be invented by accident, in lower case.
    avoided: Originals,
    /// The replaced texts that could be recognised: addresses, tokens, hashes.
    pub(super) tokens: Originals,
    state: u64,
}

/// There are not enough different texts of one shape, for example for more than ten ids of one digit.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Exhausted;

/// An invented text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Invented {
    pub(super) text: String,
    /// The invented part, without the fixed parts of addresses.
    pub(super) free: String,
}

/// The kind of a part of a text.
enum Piece<'a> {
    Url(&'a str),
    Email(&'a str),
    Ip(&'a str, IpAddr),
    Time(String),
    /// Groups of hexadecimal digits.
    Hex(&'a str),
    /// Letters and digits without other characters between them.
    Run(&'a str),
    /// Space and punctuation.
    Between(&'a str),
}

impl Inventor {
    pub(super) fn new(seed: u64, avoided: Originals) -> Self {
        Self { avoided, state: seed.wrapping_mul(0x9E37_79B9), ..Self::default() }
    }

    /// Replaces a text by one of the same shape.
    pub(super) fn text(&mut self, original: &str, shift: &mut Shift) -> Result<Invented, Exhausted> {
        let mut invented = Invented::default();
        let mut rest = original;
        while !rest.is_empty() {
            let (piece, length) = first_piece(rest, shift);
            match piece {
                Piece::Between(text) => invented.push(text),
                Piece::Time(moved) => invented.fixed(&moved),
                Piece::Run(run) | Piece::Hex(run) => {
                    let replaced = self.token(run)?;
                    invented.push(&replaced);
                }
                Piece::Email(address) => {
                    if !is_reserved(address) {
                        self.tokens.insert(address);
                    }
                    let number = numbered(&mut self.people, address);
                    invented.fixed(&format!("person-{number}@example.com"));
                }
                Piece::Ip(text, address) => {
                    self.tokens.insert(text);
                    invented.fixed(&self.machine(address)?.to_string());
                }
                Piece::Url(url) => self.url(url, shift, &mut invented)?,
            }
            rest = rest.get(length..).unwrap_or_default();
        }
        Ok(invented)
    }

    /// Replaces a run of letters and digits, or hexadecimal groups.
    pub(super) fn token(&mut self, original: &str) -> Result<String, Exhausted> {
        if original.bytes().all(|byte| matches!(byte, b'0' | b'-')) {
            // An id of zeros means that there is no id.
            return Ok(original.to_owned());
        }
        if original.bytes().all(|byte| byte.is_ascii_digit()) && original.starts_with('0') {
            // With and without zeros before it, it is the same number.
            let number = original.trim_start_matches('0');
            return Ok(format!("{}{}", "0".repeat(original.len() - number.len()), self.token(number)?));
        }
        let lower = original.to_ascii_lowercase();
        if lower.len() > TELLING && lower.bytes().any(|byte| byte.is_ascii_digit()) {
            self.tokens.insert(&lower);
        }
        let replaced = match self.known.get(&lower) {
            Some(replaced) => replaced.clone(),
            None => self.invent(lower)?,
        };
        let spelt = original.chars().zip(replaced.chars());
        Ok(spelt
            .map(|(was, is)| if was.is_ascii_uppercase() { is.to_ascii_uppercase() } else { is })
            .collect())
    }

    fn invent(&mut self, original: String) -> Result<String, Exhausted> {
        for attempt in 0..2_000 {
            let candidate = self.draw(&original, attempt > 200);
            // There are too few texts of one or two letters to require another one.
            let may_stay = original.len() < TELLING && attempt > 100;
            let fits = same_range(&original, &candidate)
                && (candidate != original || may_stay)
                && !self.used.contains(&candidate)
                && !self.avoided.are_in(&candidate);
            if fits {
                self.used.insert(candidate.clone());
                self.known.insert(original, candidate.clone());
                return Ok(candidate);
            }
        }
        Err(Exhausted)
    }

    /// A text of the same shape: digits for digits, hexadecimal for hexadecimal, consonants and vowels in turn for letters.
    fn draw(&mut self, original: &str, any_letter: bool) -> String {
        let hex = is_hex(original);
        let mut leading = true;
        let mut vowel = false;
        original
            .chars()
            .map(|letter| {
                let zeros_so_far = leading;
                leading &= letter == '0';
                match letter {
                    '0' if zeros_so_far => '0',
                    '0'..='9' if zeros_so_far => self.pick("123456789", '1'),
                    '0'..='9' => self.pick("0123456789", '0'),
                    'a'..='f' if hex => self.pick("abcdef", 'a'),
                    'a'..='z' if any_letter => self.pick("abcdefghijklmnopqrstuvwxyz", 'x'),
                    'a'..='z' => {
                        vowel = !vowel;
                        let letters = if vowel { "bdfgklmnprstvz" } else { "aeiou" };
                        self.pick(letters, 'a')
                    }
                    letter if letter.is_ascii() => letter,
                    letter => match (letter.len_utf8(), letter.is_uppercase()) {
                        (2, true) => self.pick("ÄÖÜÉÈÑÇØÅÀ", 'Ä'),
                        (2, false) => self.pick("äöüéèñçøåàêîôû", 'ä'),
                        (3, _) => self.pick("一二三四五六七八九十山川日月火水木金土天地人大小上下", '山'),
                        _ => self.pick("🌱🌲🌳🌴🌵🌷🌸🌹🌺🌻🌼🌽🌾🌿🍀🍁🍂🍃", '🌱'),
                    },
                }
            })
            .collect()
    }

    fn url(&mut self, url: &str, shift: &mut Shift, invented: &mut Invented) -> Result<(), Exhausted> {
        let (scheme, after) = url.split_once("://").unwrap_or(("https", url));
        let end = after.find(['/', '?', '#']).unwrap_or(after.len());
        let (authority, path) = after.split_at_checked(end).unwrap_or((after, ""));
        if !is_reserved(authority) {
            self.tokens.insert(authority);
        }
        // The text before the host, such as a password, and the port after it are replaced too.
        let scheme = if scheme == "http" { "http" } else { "https" };
        match numbered(&mut self.hosts, &format!("{scheme}://{authority}")) {
            1 => invented.fixed(&format!("{scheme}://example.com")),
            number => invented.fixed(&format!("{scheme}://host-{number}.example.com")),
        }
        let path = self.text(path, shift)?;
        invented.text.push_str(&path.text);
        invented.free.push_str(&path.free);
        Ok(())
    }

    /// An address from the ranges that are reserved for documentation.
    fn machine(&mut self, address: IpAddr) -> Result<IpAddr, Exhausted> {
        let number = numbered(&mut self.machines, &address.to_string());
        Ok(match address {
            IpAddr::V4(_) => {
                let last = u8::try_from(number).map_err(|_| Exhausted)?;
                Ipv4Addr::new(192, 0, 2, last).into()
            }
            IpAddr::V6(_) => {
                let last = u16::try_from(number).map_err(|_| Exhausted)?;
                Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, last).into()
            }
        })
    }

    fn pick(&mut self, letters: &str, otherwise: char) -> char {
        let count = letters.chars().count() as u64;
        let index = usize::try_from(self.random() % count).unwrap_or_default();
        letters.chars().nth(index).unwrap_or(otherwise)
    }

    /// Sebastiano Vigna's `SplitMix64`: the same in every run, so that a capture always becomes the same fixture.
    fn random(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.state ^ (self.state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }
}

impl Invented {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.free.push_str(text);
    }

    /// Text that does not depend on the original.
    fn fixed(&mut self, text: &str) {
        self.text.push_str(text);
        self.free.push('\n');
    }
}

fn numbered(known: &mut BTreeMap<String, usize>, text: &str) -> usize {
    let next = known.len() + 1;
    *known.entry(text.to_ascii_lowercase()).or_insert(next)
}

/// Whether an address is reserved for documentation.
pub(super) fn is_reserved(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    let host = address.rsplit('@').next().unwrap_or(&address);
    host == "example.com" || host.ends_with(".example.com")
}

/// The first part of a text, and its length.
fn first_piece<'a>(text: &'a str, shift: &mut Shift) -> (Piece<'a>, usize) {
    let stretch = |matches: fn(char) -> bool| {
        let end = text.find(|letter: char| !matches(letter)).unwrap_or(text.len());
        text.get(..end).unwrap_or(text)
    };
    if let Some((text, address)) = ip(text) {
        return (Piece::Ip(text, address), text.len());
    }
    let between = stretch(|letter| !is_run(letter));
    // An address of version 6 may begin with the colons before it.
    let colons = between.find("::").filter(|at| *at > 0 && ip(text.get(*at..).unwrap_or_default()).is_some());
    let between = colons.and_then(|at| between.get(..at)).unwrap_or(between);
    if !between.is_empty() {
        return (Piece::Between(between), between.len());
    }
    if let Some(url) = url(text) {
        return (Piece::Url(url), url.len());
    }
    if let Some(address) = email(text) {
        return (Piece::Email(address), address.len());
    }
    let moment =
        stretch(|letter| letter.is_ascii_digit() || matches!(letter, '-' | ':' | '.' | '+' | 'T' | 'Z'))
            .trim_end_matches(['.', ':', '-', '+']);
    if let Some(moved) = shift.written(moment) {
        return (Piece::Time(moved), moment.len());
    }
    let groups = stretch(|letter| letter.is_ascii_hexdigit() || letter == '-').trim_end_matches('-');
    let ends = !text.get(groups.len()..).and_then(|rest| rest.chars().next()).is_some_and(is_run);
    let many = groups.split('-').filter(|group| !group.is_empty()).count() >= 3;
    if ends && many && groups.len() >= 24 && groups.bytes().any(|byte| byte.is_ascii_digit()) {
        return (Piece::Hex(groups), groups.len());
    }
    let run = stretch(is_run);
    (Piece::Run(run), run.len())
}

/// Letters and digits of any script, including combining characters, without signs and punctuation.
fn is_run(letter: char) -> bool {
    letter.is_alphanumeric() || (letter as u32 > 0xFF && !('\u{2000}'..='\u{2BFF}').contains(&letter))
}

fn url(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once("://")?;
    let is_scheme = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '+' | '.' | '-');
    if scheme.is_empty() || scheme.len() > 12 || !scheme.chars().all(is_scheme) {
        return None;
    }
    let ends =
        |letter: char| letter.is_whitespace() || matches!(letter, '"' | '\'' | '<' | '>' | ')' | ']' | '`');
    let end = text.find(ends).unwrap_or(text.len());
    Some(text.get(..end)?.trim_end_matches(['.', ',', ';', ':', '!', '?']))
}

fn email(text: &str) -> Option<&str> {
    let (local, after) = text.split_once('@')?;
    let in_local = |letter: char| is_run(letter) || matches!(letter, '.' | '_' | '%' | '+' | '-');
    if local.is_empty() || local.len() > 64 || !local.chars().all(in_local) {
        return None;
    }
    let in_domain = |letter: char| is_run(letter) || matches!(letter, '.' | '-');
    let end = after.find(|letter: char| !in_domain(letter)).unwrap_or(after.len());
    let domain = after.get(..end)?.trim_end_matches(['.', '-']);
    domain.contains('.').then(|| text.get(..local.len() + 1 + domain.len()))?
}

/// The IP address at the start of a text.
fn ip(text: &str) -> Option<(&str, IpAddr)> {
    let is_address = |letter: char| letter.is_ascii_hexdigit() || matches!(letter, '.' | ':');
    let end = text.find(|letter| !is_address(letter)).unwrap_or(text.len());
    let (whole, after) = text.split_at_checked(end)?;
    if after.starts_with(is_run) {
        return None;
    }
    let whole = whole.trim_end_matches('.');
    // A port may follow it, or the colon of a sentence.
    let version_4 = whole.split(':').next().unwrap_or_default();
    let (text, address) = [whole, whole.trim_end_matches(':'), version_4]
        .into_iter()
        .find_map(|candidate| Some((candidate, candidate.parse().ok()?)))?;
    // `a::b` is a path of Rust, and `::` is punctuation.
    let telling = text.bytes().any(|byte| byte.is_ascii_digit());
    telling.then_some((text, address))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
        && text.bytes().any(|byte| byte.is_ascii_digit())
}

/// Whether two numbers fit the same types, so that the replacement does not change whether the body decodes.
fn same_range(original: &str, candidate: &str) -> bool {
    let class = |digits: &str| (digits.parse::<i64>().is_ok(), digits.parse::<u64>().is_ok());
    class(original) == class(candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replaced(texts: &[&str]) -> Vec<String> {
        let mut inventor = Inventor::new(1, Originals::default());
        let mut shift = Shift::default();
        texts.iter().map(|text| inventor.text(text, &mut shift).unwrap().text).collect()
    }

    /// The kind of each letter of a text.
    fn shape(text: &str) -> String {
        let kind = |letter: char| match letter {
            '0'..='9' => '9',
            'A'..='Z' => 'A',
            'a'..='z' => 'a',
            letter if letter.is_alphanumeric() => 'x',
            other => other,
        };
        text.chars().map(kind).collect()
    }

    #[test]
    fn everything_keeps_its_shape_and_nothing_of_its_content() {
        for text in [
            "390137996571050950",
            "UmVwb2Npb99yeTp7z3Z23HY=",
            "07e790b6d5a7e720acf5f2af4b707c2ff1cabceed",
            "7f3a0c1e-52d9-4b60-1a17-08dd5c2e9b45",
            "CA-2031-014",
            "Seal the floor joint, line 42!",
            "Größe: 七夕",
            "+49 30 1234567",
        ] {
            let is = replaced(&[text]).remove(0);
            assert_eq!(shape(&is), shape(text), "{is}");
            assert_ne!(is, text);
        }
        let uuid = replaced(&["deadbeef-cafe-4b60-face-08dd5c2e9b45"]).remove(0);
        assert!(is_hex(&uuid), "{uuid}");
        assert_eq!(
            replaced(&["00000000-0000-0000-0000-000000000000"])[0],
            "00000000-0000-0000-0000-000000000000"
        );
    }

    #[test]
    fn equal_texts_have_equal_replacements() {
        let texts = ["Docking clamp", "docking", "CLAMP 4821", "4821", "4822", "Docking clam"];
        let is = replaced(&texts);
        let (first, second) = is[0].split_once(' ').unwrap();
        assert_eq!(is[1], first.to_lowercase());
        assert_eq!(is[2], format!("{} {}", second.to_uppercase(), is[3]));
        assert_eq!(is.iter().collect::<BTreeSet<_>>().len(), texts.len());
    }

    #[test]
    fn all_texts_of_one_shape_can_be_distinguished() {
        let digits: Vec<_> = (1..10).map(|digit| digit.to_string()).collect();
        let digits: Vec<_> = digits.iter().map(String::as_str).collect();
        assert_eq!(replaced(&digits).iter().collect::<BTreeSet<_>>().len(), 9);
    }

    #[test]
    fn addresses_are_numbered_and_a_url_keeps_its_segments() {
        assert_eq!(
            replaced(&["Ann <ann.lee@acme.io>, bob@acme.io.", "mailto:ANN.LEE@acme.io"])
                .iter()
                .map(|text| text.split(|letter: char| letter != '@' && !letter.is_ascii_graphic()).count())
                .collect::<Vec<_>>(),
            [3, 1]
        );
        let is = replaced(&["ann.lee@acme.io", "see bob@acme.io.", "ANN.LEE@acme.io"]);
        assert_eq!(is[0], "person-1@example.com");
        assert!(is[1].ends_with(" person-2@example.com."), "{}", is[1]);
        assert_eq!(is[2], is[0]);

        let url = "https://ann:pass@ci.acme.io:8443/acme/orbit-ci/7f3a0c1e?tab=log#l42";
        let is =
            replaced(&[url, "[log](https://ci.acme.io/acme/orbit-ci)", "https://ann:pass@ci.acme.io:8443/"]);
        assert!(is[0].starts_with("https://example.com/"), "{}", is[0]);
        assert_eq!(is[0].split('/').count(), url.split('/').count());
        assert!(!is[0].contains("acme") && !is[0].contains("pass") && !is[0].contains("8443"), "{}", is[0]);
        assert!(is[1].contains("](https://host-2.example.com/") && is[1].ends_with(')'), "{}", is[1]);
        assert_eq!(is[2], "https://example.com/");
    }

    #[test]
    fn ip_addresses_become_documentation_addresses() {
        let is = replaced(&[
            "8.8.8.8",
            "203.5.7.9:8080, 8.8.8.8.",
            "[2a00:1450:4001:80b::200e]:443",
            "2A00:1450:4001:080b:0::200E",
            "::1",
            "(::1)",
            "from 8.8.8.8: 10.0.0.0/8",
        ]);
        assert_eq!(is[0], "192.0.2.1");
        let (address, port) = is[1].split_once(':').unwrap();
        assert_eq!(address, "192.0.2.2");
        assert!(port.len() == 16 && port.ends_with(", 192.0.2.1."), "{port}");
        assert!(is[2].starts_with("[2001:db8::3]:"), "{}", is[2]);
        assert_eq!(is[3], "2001:db8::3", "the same address in another spelling");
        assert_eq!((is[4].as_str(), is[5].as_str()), ("2001:db8::4", "(2001:db8::4)"));
        assert!(is[6].contains(" 192.0.2.1: 192.0.2.5/"), "{}", is[6]);

        // A time, a version, a path of Rust and punctuation are not addresses.
        for text in ["12:30", "1.2.3", "a::b", "x :: y", "1.2.3.4a", "1.2.3.456", "ab:cd"] {
            let is = replaced(&[text]).remove(0);
            assert_eq!(shape(&is), shape(text), "{is}");
        }
    }

    #[test]
    fn a_replaced_number_fits_the_same_types() {
        for (text, fits) in
            [("18446744073709551615", true), ("18446744073709551616", false), ("9223372036854775807", true)]
        {
            assert_eq!(replaced(&[text])[0].parse::<u64>().is_ok(), fits);
        }
        assert!(replaced(&["9223372036854775807"])[0].parse::<i64>().is_ok());
    }

    #[test]
    fn avoided_texts_are_not_invented() {
        let mut avoided = Originals::default();
        for number in (0..10_000).filter(|number| number % 7 != 0) {
            avoided.insert(&format!("{number:04}"));
        }
        let mut inventor = Inventor::new(3, avoided);
        for original in ["5555", "5556", "5557", "5558", "5559"] {
            let number: u32 = inventor.token(original).unwrap().parse().unwrap();
            assert_eq!(number % 7, 0);
        }
    }
}
