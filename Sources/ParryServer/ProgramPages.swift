#if canImport(Glibc)
    import Foundation
    import Glibc
#endif

/// The code of the program and its libraries, of which the system keeps in this process's memory what was run once.
enum ProgramPages {
    /// Gives back what start-up ran: a fifth of an idle server's memory, measured. The code is in files, and what
    /// is run again comes back by itself.
    static func giveBack() {
        #if canImport(Glibc)
            for range in codeRanges {
                madvise(
                    UnsafeMutableRawPointer(bitPattern: range.lowerBound), range.count,
                    MADV_DONTNEED)
            }
        #endif
    }

    #if canImport(Glibc)
        /// Only what can be run and not written is surely as its file has it.
        private static var codeRanges: [Range<UInt>] {
            guard let maps = FileManager.default.contents(atPath: "/proc/self/maps") else {
                return []
            }
            return String(decoding: maps, as: UTF8.self).split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                guard words.count == 6, words[1] == "r-xp", words[5].first == "/" else {
                    return nil
                }
                let bounds = words[0].split(separator: "-").compactMap { UInt($0, radix: 16) }
                return bounds.count == 2 ? bounds[0]..<bounds[1] : nil
            }
        }
    #endif
}
