//! Bodies that are a few changes away from a fixture.

use std::fs;
use std::path::Path;

/// Short bodies are changed most of the time: what is read in them is the same, and there are more of them in an hour.
const SHORT: usize = 400;

/// The fixtures of a vendor, with the places of their keys and scalars.
pub struct Fixtures {
    bodies: Vec<Body>,
    /// How many of them, at the front, are short.
    short: usize,
    words: Vec<Vec<u8>>,
}

struct Body {
    text: Vec<u8>,
    /// Keys, texts, numbers and words.
    tokens: Vec<(usize, usize)>,
    /// Brackets, commas and colons.
    signs: Vec<usize>,
}

/// Values and pieces of values that are read in a way of their own.
const ODDITIES: &[&str] = &[
    "null",
    "true",
    "false",
    "0",
    "1",
    "-1",
    "-0",
    "01",
    "0.5",
    "4.0",
    "25.0",
    "1e2",
    "1e3",
    "1E+2",
    "1e-1",
    "1e999",
    "-1e999",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "12345678901234567890",
    "123456789012345678901234567890123456789012345",
    "1.",
    "1e",
    "-",
    "\"\"",
    "\"0\"",
    "\"1\"",
    "\"25\"",
    "\"-1\"",
    "\"87.25\"",
    "\"1e2\"",
    "\"text\"",
    "\" 1\"",
    "\"\\u0061\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud800\"",
    "\"\\udc00x\"",
    "\"\\ud800\\u0061\"",
    "\"\\ud800\\ud800\\udc00\"",
    "\"\\uD8\"",
    "\"\\u00g0\"",
    "\"\\x\"",
    "\"\\n\"",
    "\"a\\\"b\"",
    "\"tab\tin\"",
    "\"0000-00-00 00:00:00\"",
    "\"2026-02-10\"",
    "\"2026-02-10T06:41\"",
    "1770705715.25",
    "1770705715000",
    "\"/Date(1770705715000)/\"",
    "{\"date\":\"2026-02-10 06:41:55\",\"timezone\":\"UTC\"}",
    "[]",
    "{}",
    "[null]",
    "[[]]",
    "[{}]",
    "[1]",
    "[\"x\"]",
    "[1,]",
    "[,1]",
    "{\"0\":1}",
    "{\"0\":{},\"1\":{}}",
    "{\"id\":7}",
    "{\"id\":\"7\"}",
    "{\"\":null}",
    "{,}",
    "{\"a\":1,}",
    "{\"a\"}",
    "[1 2]",
    "[1}",
    "{\"id\":7,\"id\":null}",
    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]",
];

/// Bytes that mean something in JSON, and a few that mean nothing.
const BYTES: &[u8] = b"\"\"\\{}[],,::0123456789.-+eEtfnu/ \t\n\r\x00\x08\x1f\x7f\x80\xc3\xff";

impl Fixtures {
    /// Every fixture of a vendor.
    ///
    /// # Panics
    ///
    /// They cannot be read.
    pub fn of(vendor: &str) -> Self {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures").join(vendor);
        let mut bodies = Vec::new();
        for event in fs::read_dir(root).expect("fixtures") {
            for file in fs::read_dir(event.expect("an event").path()).expect("a folder") {
                bodies.push(Body::of(fs::read(file.expect("a fixture").path()).expect("a body")));
            }
        }
        bodies.sort_by_key(|body| body.text.len());
        let short = bodies.iter().take_while(|body| body.text.len() <= SHORT).count().max(1);
        let mut words: Vec<Vec<u8>> = bodies
            .iter()
            .flat_map(|body| body.tokens.iter().map(|(start, end)| body.text[*start..*end].to_vec()))
            .collect();
        words.sort();
        words.dedup();
        Self { bodies, short, words }
    }

    /// Writes a body with one to four changes.
    pub fn changed(&self, random: &mut Random, into: &mut Vec<u8>) {
        let among = if random.below(16) == 0 { self.bodies.len() } else { self.short };
        let base = &self.bodies[random.below(among)];
        into.clear();
        match random.below(8) {
            // One token or two in another spelling, or out of another body.
            0..4 => {
                let (one, other) = (random.below(base.tokens.len()), random.below(base.tokens.len()));
                let mut done = 0;
                for place in [one.min(other), one.max(other)] {
                    let (start, end) = base.tokens[place];
                    if start >= done {
                        into.extend_from_slice(&base.text[done..start]);
                        into.extend_from_slice(self.word(random));
                        done = end;
                    }
                }
                into.extend_from_slice(&base.text[done..]);
            }
            // A part is left out, comes twice, or changes places, from sign to sign.
            4..6 => {
                let (one, other) = (random.below(base.signs.len()), random.below(base.signs.len()));
                let (start, end) = (base.signs[one.min(other)], base.signs[one.max(other)]);
                let end = end.min(start + 400);
                into.extend_from_slice(&base.text[..start]);
                match random.below(3) {
                    0 => {}
                    1 => {
                        into.extend_from_slice(&base.text[start..end]);
                        into.extend_from_slice(&base.text[start..end]);
                    }
                    _ => {
                        into.extend_from_slice(b" ");
                        into.extend_from_slice(&base.text[start..end]);
                    }
                }
                into.extend_from_slice(&base.text[end..]);
            }
            _ => into.extend_from_slice(&base.text),
        }
        if random.below(64) == 0 {
            // What looks at the front alone sees it end anywhere.
            let front = into.iter().position(|byte| *byte == b',').unwrap_or(0);
            into.splice(front..front, std::iter::repeat_n(b' ', random.below(256)));
        }
        for _ in 0..random.below(4).saturating_sub(1) {
            bytes(random, into);
        }
    }

    fn word(&self, random: &mut Random) -> &[u8] {
        if random.below(3) == 0 {
            &self.words[random.below(self.words.len())]
        } else {
            ODDITIES[random.below(ODDITIES.len())].as_bytes()
        }
    }
}

/// One change that looks at no structure.
fn bytes(random: &mut Random, body: &mut Vec<u8>) {
    if body.is_empty() {
        return;
    }
    let at = random.below(body.len());
    match random.below(8) {
        0 => body[at] ^= 1 << random.below(8),
        1 | 2 => body[at] = BYTES[random.below(BYTES.len())],
        3 | 4 => body.insert(at, BYTES[random.below(BYTES.len())]),
        5 => drop(body.remove(at)),
        6 => drop(body.drain(at..(at + 1 + random.below(16)).min(body.len()))),
        _ if random.below(8) == 0 => body.truncate(at),
        _ => body.insert(at, b' '),
    }
}

impl Body {
    fn of(text: Vec<u8>) -> Self {
        let (mut tokens, mut signs) = (Vec::new(), Vec::new());
        let mut at = 0;
        while at < text.len() {
            let start = at;
            match text[at] {
                b'"' => {
                    at += 1;
                    while at < text.len() && text[at] != b'"' {
                        at += if text[at] == b'\\' { 2 } else { 1 };
                    }
                    at = (at + 1).min(text.len());
                    tokens.push((start, at));
                }
                b'{' | b'}' | b'[' | b']' | b',' | b':' => {
                    signs.push(at);
                    at += 1;
                }
                b' ' | b'\n' | b'\r' | b'\t' => at += 1,
                _ => {
                    while at < text.len() && !b"{}[],: \n\r\t\"".contains(&text[at]) {
                        at += 1;
                    }
                    tokens.push((start, at));
                }
            }
        }
        // What is not JSON, and the empty body, has places too.
        tokens.push((text.len(), text.len()));
        signs.push(text.len());
        Self { text, tokens, signs }
    }
}

/// xorshift64*: fast, and the same on every machine.
pub struct Random(u64);

impl Random {
    /// A sequence of its own for each seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    /// A number below a limit that is not 0.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = (self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 32) as usize;
        (high * limit) >> 32
    }
}
