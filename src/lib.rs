//! Postern: the program on a shop's counter.
