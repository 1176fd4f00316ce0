//! Who may use whom: what the crate border does not hold, this table does.
//!
//! A module's row names the modules of this crate that it may use. A module that has no row fails, and so does a row
//! that no module has: the table is the map.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Module, and what it may use.
const MAY_USE: &[(&str, &[&str])] = &[
    ("ports", &["frame", "raster"]),
    ("files", &[]),
    ("log", &[]),
    ("frame", &["glyphs"]),
    ("raster", &[]),
    ("qr", &[]),
    ("glyphs", &["frame"]),
    ("text", &["glyphs"]),
    ("look", &["glyphs", "text"]),
    ("ui", &["frame", "glyphs", "look", "qr", "text"]),
    ("paper", &["frame", "glyphs", "look", "qr", "raster", "text"]),
    ("clock", &["acquirer"]),
    ("pin", &["ports"]),
    ("journal", &["ports"]),
    ("cores", &[]),
    ("acquirer", &["clock", "cores", "files", "ports"]),
    ("notify", &["acquirer", "ports"]),
    ("drivers", &["clock", "cores", "frame", "ports", "raster"]),
    ("board", &["drivers", "files", "ports"]),
    ("emvco", &[]),
    ("shop", &["acquirer", "clock", "emvco", "files", "look"]),
    ("terminal", &["board", "clock", "frame", "look", "paper", "pin", "ports", "ui"]),
    ("app", &["ports", "terminal"]),
    (
        "run",
        &[
            "acquirer",
            "app",
            "board",
            "clock",
            "cores",
            "journal",
            "look",
            "notify",
            "pin",
            "ports",
            "reconcile",
            "shop",
            "terminal",
        ],
    ),
    ("reconcile", &["acquirer", "clock", "journal", "ports", "shop"]),
    ("doctor", &["acquirer", "board", "clock", "journal", "ports", "run", "shop"]),
    // The other end of the wires shares no code with this one: a mistake would satisfy both.
    ("bench", &[]),
];

#[test]
fn every_module_uses_only_what_its_row_allows() {
    let allowed: BTreeMap<&str, &[&str]> = MAY_USE.iter().copied().collect();
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let Some(module) = module_of(&file) else { continue };
        let Some(may_use) = allowed.get(module.as_str()) else {
            wrong.push(format!("{module} has no row in MAY_USE ({})", file.display()));
            continue;
        };
        for used in uses(&fs::read_to_string(&file).unwrap()) {
            if used != module && !may_use.contains(&used.as_str()) {
                wrong.push(format!("{module} uses {used} ({})", file.display()));
            }
        }
        seen.insert(module);
    }
    for module in allowed.keys().filter(|module| !seen.contains(**module)) {
        wrong.push(format!("the row {module} has no module"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_board_names_drivers() {
    for file in rust_files(&root().join("src")) {
        let module = module_of(&file).unwrap_or_default();
        if module == "board" || module == "drivers" {
            continue;
        }
        let text = fs::read_to_string(&file).unwrap();
        assert!(!text.contains("drivers::"), "{} names a driver", file.display());
    }
}

#[test]
fn only_the_clock_reads_a_clock() {
    for folder in ["src", "heart/src", "sim/src"] {
        for file in rust_files(&root().join(folder)) {
            if file.ends_with("src/clock.rs") {
                continue;
            }
            let text = fs::read_to_string(&file).unwrap();
            for call in ["Instant::now", "SystemTime::now", "thread::sleep"] {
                assert!(!text.contains(&format!("{call}(")), "{} calls {call}", file.display());
            }
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
    files
}

/// The top module that a file belongs to; none for `lib.rs` and the binaries.
fn module_of(file: &Path) -> Option<String> {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    let first = inside.iter().next().unwrap().to_str().unwrap();
    let module = first.strip_suffix(".rs").unwrap_or(first);
    (module != "lib" && module != "bin").then(|| module.to_owned())
}

/// The top modules of this crate that a text names: after `crate::`, also in braces.
fn uses(text: &str) -> BTreeSet<String> {
    let code: String =
        text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut used = BTreeSet::new();
    for (_, after) in code.match_indices("crate::").map(|(at, found)| (at, &code[at + found.len()..])) {
        match after.strip_prefix('{') {
            Some(list) => used.extend(names_in_braces(list)),
            None => used.extend(first_name(after)),
        }
    }
    used
}

fn names_in_braces(list: &str) -> Vec<String> {
    let mut depth = 0;
    let end = list.find(|c| {
        depth += match c {
            '{' => 1,
            '}' => -1,
            _ => 0,
        };
        depth < 0
    });
    let inside = &list[..end.unwrap_or(list.len())];
    let mut names = Vec::new();
    let mut depth = 0;
    let mut start = 0;
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                names.extend(first_name(inside[start..at].trim()));
                start = at + 1;
            }
            _ => {}
        }
    }
    names.extend(first_name(inside[start..].trim()));
    names
}

fn first_name(text: &str) -> Option<String> {
    let name: String = text.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let module = name.starts_with(|c: char| c.is_lowercase());
    (module && !name.is_empty()).then_some(name)
}
