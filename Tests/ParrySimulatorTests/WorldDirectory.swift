import Foundation
import ParrySimulator
import SystemPackage

/// A directory of a test's own.
struct WorldDirectory {
    private let url: URL

    init() throws {
        url = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    var path: FilePath { FilePath(url.path()) }

    func bytes(of file: WorldFile) throws -> [UInt8] {
        Array(try Data(contentsOf: url.appending(path: file.rawValue)))
    }

    func remove() { try? FileManager.default.removeItem(at: url) }
}
