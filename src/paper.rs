//! temp
pub fn raster(_: &postern_heart::receipt::Receipt, _: &crate::look::Look, w: u32) -> crate::raster::Raster {
    crate::raster::Raster::new(w, 100)
}
