//! Golden pictures: compared, accepted, shown on one page; and codes read back from pictures.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use postern::frame::Frame;
use postern::raster::Raster;

/// A picture as it is compared: its colours, and which of them each pixel has.
#[derive(PartialEq, Eq)]
struct Picture {
    width: u32,
    height: u32,
    pixels: Vec<[u8; 3]>,
}

impl Picture {
    fn of_frame(frame: &Frame) -> Picture {
        let rgb = |&pixel: &u16| {
            let (r, g, b) = ((pixel >> 11) as u8, (pixel >> 5) as u8 & 63, pixel as u8 & 31);
            [r << 3 | r >> 2, g << 2 | g >> 4, b << 3 | b >> 2]
        };
        let pixels = frame.pixels().iter().map(rgb).collect();
        Picture { width: frame.width(), height: frame.height(), pixels }
    }

    fn of_raster(raster: &Raster) -> Picture {
        let (width, height) = (raster.width(), raster.height());
        let places = (0..height).flat_map(|y| (0..width).map(move |x| (x, y)));
        let pixels = places.map(|(x, y)| if raster.is_black(x, y) { [0; 3] } else { [255; 3] }).collect();
        Picture { width, height, pixels }
    }

    /// Screens have few colours: with a palette the files are a third as large.
    fn write(&self, path: &Path) {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let mut encoder = png::Encoder::new(fs::File::create(path).unwrap(), self.width, self.height);
        encoder.set_compression(png::Compression::High);
        encoder.set_depth(png::BitDepth::Eight);
        let colors: BTreeSet<[u8; 3]> = self.pixels.iter().copied().collect();
        let bytes: Vec<u8> = if colors.len() <= 256 {
            let colors: Vec<[u8; 3]> = colors.into_iter().collect();
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_filter(png::Filter::NoFilter);
            encoder.set_palette(colors.concat());
            self.pixels.iter().map(|pixel| colors.binary_search(pixel).unwrap() as u8).collect()
        } else {
            encoder.set_color(png::ColorType::Rgb);
            self.pixels.concat()
        };
        encoder.write_header().unwrap().write_image_data(&bytes).unwrap();
    }

    fn read(path: &Path) -> Option<Picture> {
        let mut decoder = png::Decoder::new(std::io::BufReader::new(fs::File::open(path).ok()?));
        decoder.set_transformations(png::Transformations::EXPAND);
        let mut reader = decoder.read_info().unwrap();
        let mut bytes = vec![0; reader.output_buffer_size().unwrap()];
        let info = reader.next_frame(&mut bytes).unwrap();
        let pixels = bytes.as_chunks::<3>().0.to_vec();
        Some(Picture { width: info.width, height: info.height, pixels })
    }
}

/// One group of golden pictures.
pub(crate) struct Gallery {
    group: &'static str,
    seen: Vec<String>,
    differing: Vec<String>,
}

impl Gallery {
    pub(crate) fn open(group: &'static str) -> Gallery {
        Gallery { group, seen: Vec::new(), differing: Vec::new() }
    }

    pub(crate) fn frame(&mut self, name: &str, frame: &Frame) {
        self.compare(name, &Picture::of_frame(frame));
    }

    pub(crate) fn raster(&mut self, name: &str, raster: &Raster) {
        self.compare(name, &Picture::of_raster(raster));
    }

    fn compare(&mut self, name: &str, actual: &Picture) {
        let written = actual_dir().join(self.group).join(format!("{name}.png"));
        actual.write(&written);
        self.seen.push(name.to_owned());
        let golden = golden_dir().join(self.group).join(format!("{name}.png"));
        if Picture::read(&golden).as_ref() == Some(actual) {
            return;
        }
        if accepting() {
            actual.write(&golden);
        } else {
            self.differing.push(format!("{} is not {}", written.display(), golden.display()));
        }
    }

    /// Fails where a picture differs, or an accepted one is no longer drawn; and writes the group's page.
    pub(crate) fn close(mut self) {
        self.write_page();
        let folder = golden_dir().join(self.group);
        for entry in fs::read_dir(&folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
            if !self.seen.contains(&stem) {
                match accepting() {
                    true => fs::remove_file(&path).unwrap(),
                    false => self.differing.push(format!("{} is not drawn any more", path.display())),
                }
            }
        }
        assert!(
            self.differing.is_empty(),
            "{} pictures differ; look at target/look/{}.html, and accept them with\n  \
             UPDATE_GOLDEN=1 cargo test --test it look\n{}",
            self.differing.len(),
            self.group,
            self.differing.join("\n")
        );
    }

    /// All pictures of the group on one page.
    fn write_page(&self) {
        let mut page = String::from(
            "<!doctype html><meta charset=utf-8><title>Postern: what is seen</title><style>body{background:#888;\
             font:14px sans-serif}figure{display:inline-block;margin:12px;vertical-align:top}figcaption{margin-top:4px}\
             </style>\n",
        );
        for name in &self.seen {
            let group = self.group;
            writeln!(
                page,
                "<figure><img src='{group}/{name}.png' alt='{name}'><figcaption>{name}</figcaption></figure>"
            )
            .unwrap();
        }
        fs::write(actual_dir().join(format!("{}.html", self.group)), page).unwrap();
        fs::write(actual_dir().join("index.html"), INDEX).unwrap();
    }
}

/// The groups' pages on one page.
const INDEX: &str = "<!doctype html><meta charset=utf-8><title>Postern: what is seen</title>\
    <style>body{margin:0}iframe{width:100%;height:95vh;border:0}</style>\n\
    <iframe src=cashier.html></iframe><iframe src=beside.html></iframe>\n\
    <iframe src=customer.html></iframe><iframe src=paper.html></iframe>\n";

fn accepting() -> bool {
    std::env::var_os("UPDATE_GOLDEN").is_some_and(|value| value == "1")
}

fn golden_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/golden/look")
}

fn actual_dir() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/look")
}

/// Reads every QR code of a display's picture.
pub(crate) fn decode_frame(frame: &Frame) -> Vec<String> {
    let green = |x: usize, y: usize| (frame.row(x as u32, y as u32, 1)[0] >> 5 & 63) as u8 * 4;
    decode(frame.width(), frame.height(), green)
}

/// Reads every QR code of a paper.
pub(crate) fn decode_raster(raster: &Raster) -> Vec<String> {
    let grey = |x: usize, y: usize| if raster.is_black(x as u32, y as u32) { 0 } else { 255 };
    decode(raster.width(), raster.height(), grey)
}

fn decode(width: u32, height: u32, grey: impl Fn(usize, usize) -> u8) -> Vec<String> {
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(width as usize, height as usize, grey);
    picture.detect_grids().into_iter().filter_map(|grid| grid.decode().ok()).map(|(_, text)| text).collect()
}
