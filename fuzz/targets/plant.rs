//! Gives libFuzzer the real examples before it reads its corpus.

use std::path::Path;

use postern_fuzz::Property;

/// Writes a property's seeds into every directory that the command line names.
pub(crate) fn seeds(property: &Property) {
    let directories = std::env::args().skip(1).filter(|argument| Path::new(argument).is_dir());
    for directory in directories {
        for (n, seed) in (property.seeds)().iter().enumerate() {
            let path = Path::new(&directory).join(format!("{}-seed-{n}", property.name));
            std::fs::write(path, seed).expect("could not write a seed");
        }
    }
}
