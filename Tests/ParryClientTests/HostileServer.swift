import Foundation
import Synchronization

/// A platform on 127.0.0.1 that answers as it is told, over bare sockets: it breaks off where a library for HTTP would
/// not. Each request has a connection of its own, and one is served after the other.
final class HostileServer: Sendable {
    /// One request as it came.
    struct Request: Sendable {
        let method: String
        /// Path and query.
        let target: String
        /// By their names in lower case.
        let headers: [String: String]
        let body: [UInt8]

        var path: String { String(target.prefix { $0 != "?" }) }
        var text: String { String(decoding: body, as: UTF8.self) }

        /// A parameter of the query, which is not escaped here.
        func parameter(_ name: String) -> Int? {
            target.drop { $0 != "?" }.dropFirst().split(separator: "&")
                .first { $0.hasPrefix(name + "=") }.flatMap { Int($0.dropFirst(name.count + 1)) }
        }
    }

    /// What becomes of a request.
    enum Reply: Sendable {
        /// A whole answer.
        case answer(Int, _ body: String, headers: [String: String] = [:])
        /// These bytes, and then the connection is closed.
        case bytes(String)
        /// These bytes, and then nothing until the caller gives up.
        case stalled(String)

        /// The request was read, and its answer is lost.
        static let lost = Reply.bytes("")
    }

    /// Answers a request by its number, from 0.
    typealias Decision = @Sendable (Request, Int) -> Reply

    private struct State {
        var requests: [Request] = []
        var connection: Int32 = -1
        var isClosed = false
    }

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())
    private let decide: Decision

    /// Listens on a port that was free.
    init(_ decide: @escaping Decision) throws {
        self.decide = decide
        listener = socket(AF_INET, streamSocket, 0)
        port = try Self.listen(listener)
        Thread { [self] in serve() }.start()
    }

    /// Gives these replies one after the other, and the last one for ever.
    convenience init(_ replies: [Reply]) throws {
        try self.init { _, number in replies[min(number, replies.count - 1)] }
    }

    var url: String { "http://127.0.0.1:\(port)" }
    /// All that came so far.
    var requests: [Request] { state.withLock { $0.requests } }

    /// Ends the thread and whatever it waits for. The number of a closed socket may be another's, so this is done once.
    func close() {
        state.withLock {
            guard !$0.isClosed else { return }
            $0.isClosed = true
            if $0.connection >= 0 { shutdown($0.connection, Int32(SHUT_RDWR)) }
            shutdown(listener, Int32(SHUT_RDWR))
        }
    }

    private static func listen(_ listener: Int32) throws -> UInt16 {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let error = withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, size) | Foundation.listen(listener, 64)
                    | getsockname(listener, $0, &size)
            }
        }
        guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO) }
        return UInt16(bigEndian: address.sin_port)
    }

    private func serve() {
        defer { Foundation.close(listener) }
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { return }
            let isClosed = state.withLock {
                $0.connection = connection
                return $0.isClosed
            }
            if !isClosed { talk(connection) }
            state.withLock { $0.connection = -1 }
            Foundation.close(connection)
        }
    }

    private func talk(_ connection: Int32) {
        guard let request = Self.read(connection) else { return }
        let number = state.withLock {
            $0.requests.append(request)
            return $0.requests.count - 1
        }
        switch decide(request, number) {
        case .answer(let status, let body, let headers):
            let lines = headers.map { "\($0.key): \($0.value)\r\n" }.joined()
            Self.write(
                "HTTP/1.1 \(status) Told\r\nContent-Length: \(body.utf8.count)\r\n"
                    + "Connection: close\r\n\(lines)\r\n\(body)", connection)
        case .bytes(let text): Self.write(text, connection)
        case .stalled(let text):
            Self.write(text, connection)
            var byte: UInt8 = 0
            while recv(connection, &byte, 1, 0) > 0 {}
        }
    }

    private static func write(_ text: String, _ connection: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                send(connection, $0.baseAddress, $0.count, noSignal)
            }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    /// Reads a request with its body; nil where the caller hung up.
    private static func read(_ connection: Int32) -> Request? {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while true {
            if let request = parse(bytes) { return request }
            let count = recv(connection, &chunk, chunk.count, 0)
            guard count > 0 else { return nil }
            bytes += chunk.prefix(count)
        }
    }

    private static func parse(_ bytes: [UInt8]) -> Request? {
        guard let end = bytes.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: bytes[..<end.lowerBound], as: UTF8.self)
        let lines = head.components(separatedBy: "\r\n")
        let words = lines[0].split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            headers[parts[0].lowercased()] =
                parts.count > 1
                ? parts[1].trimmingCharacters(in: .whitespaces) : ""
        }
        let length = headers["content-length"].flatMap { Int($0) } ?? 0
        guard words.count == 3, bytes.count >= end.upperBound + length else { return nil }
        return Request(
            method: String(words[0]), target: String(words[1]), headers: headers,
            body: Array(bytes[end.upperBound..<(end.upperBound + length)]))
    }
}

#if canImport(Darwin)
    private let streamSocket = SOCK_STREAM
    private let noSignal: Int32 = 0
#else
    private let streamSocket = Int32(SOCK_STREAM.rawValue)
    private let noSignal = Int32(MSG_NOSIGNAL)
#endif
