import Foundation
import ParryWire
import Subprocess
import SystemPackage

/// Runs a hook that is a program: the question is its standard input, the answer its standard output.
struct HookProgram: Sendable {
    let words: [String]
    /// Where it is run: the configuration's folder.
    let folder: String
    /// Environment variables that it does not get to see.
    let hiddenNames: [String]
    /// The most that is read of its answer.
    let answerBytesMax: Int

    /// - Throws: ``PartnerError`` that says what it did.
    func ask(_ question: [UInt8]) async throws -> [UInt8] {
        // Files, not pipes: a program may end without reading its question, or say more than anybody reads.
        let input = try ScratchFile(question)
        let complaint = try ScratchFile([])
        var options = PlatformOptions()
        options.teardownSequence = [.gracefulShutDown(allowedDurationToNextStep: .seconds(1))]
        let result: ExecutionResult<Void, BytesOutput, FileDescriptorOutput>
        do {
            result = try await Subprocess.run(
                program, arguments: Arguments(Array(words.dropFirst())),
                environment: .inherit.updating(hidden), workingDirectory: FilePath(folder),
                platformOptions: options,
                input: .fileDescriptor(input.descriptor, closeAfterSpawningProcess: false),
                output: .bytes(limit: answerBytesMax),
                error: .fileDescriptor(complaint.descriptor, closeAfterSpawningProcess: false))
        } catch let error as SubprocessError {
            try Task.checkCancellation()
            throw PartnerError("the hook \(words[0]) could not be run: \(error.description)")
        }
        try Task.checkCancellation()
        guard case .exited(0) = result.terminationStatus else {
            let said = complaint.lastLine.map { ": \($0)" } ?? ""
            throw PartnerError("the hook ended with \(result.terminationStatus)\(said)")
        }
        return result.standardOutput
    }

    private var program: Executable {
        words[0].contains("/") ? .path(FilePath(words[0])) : .name(words[0])
    }

    private var hidden: [Subprocess.Environment.Key: String?] {
        Dictionary(
            uniqueKeysWithValues: Set(hiddenNames).map {
                (Subprocess.Environment.Key(stringLiteral: $0), String?.none)
            })
    }
}

/// A file without a name, gone when it is closed.
private final class ScratchFile: Sendable {
    let descriptor: FileDescriptor

    init(_ content: [UInt8]) throws {
        var template = Array((NSTemporaryDirectory() + "/parry-hook-XXXXXX").utf8CString)
        let file = mkstemp(&template)
        guard file >= 0 else {
            throw PartnerError("no scratch file for the hook: \(String(cString: strerror(errno)))")
        }
        unlink(template)
        _ = fcntl(file, F_SETFD, FD_CLOEXEC)
        descriptor = FileDescriptor(rawValue: file)
        try descriptor.writeAll(content)
        try descriptor.seek(offset: 0, from: .start)
    }

    /// The last line that was written, as much of it as a log line bears.
    var lastLine: String? {
        var bytes = [UInt8](repeating: 0, count: 2_048)
        let end = (try? descriptor.seek(offset: 0, from: .end)) ?? 0
        let start = max(0, end - Int64(bytes.count))
        let count = bytes.withUnsafeMutableBytes {
            (try? descriptor.read(fromAbsoluteOffset: start, into: $0)) ?? 0
        }
        let text = String(decoding: bytes.prefix(count), as: UTF8.self)
        return text.split(separator: "\n").last.map { String($0.prefix(200)) }
    }

    deinit { try? descriptor.close() }
}
