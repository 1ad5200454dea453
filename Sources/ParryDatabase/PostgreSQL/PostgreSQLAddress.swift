internal import CLibPQ

/// A server's address, checked and completed: what libpq understands, plus bounds in time that it does not
/// set by itself.
struct PostgreSQLAddress: Sendable {
    /// Keywords with their values, for `PQconnectdbParams`.
    let options: [(keyword: String, value: String)]

    /// An unreachable host is given up after five seconds, a silent one after some 25. Of several hosts
    /// only one that takes writes will do: a standby lags, and cannot say what became of a transaction.
    /// Kerberos is not asked whether it could encrypt, unless the URL says so: its library keeps data of
    /// each thread that it frees while the program ends, and may then stop it with an assertion.
    private static let defaults = [
        ("connect_timeout", "5"), ("keepalives_idle", "10"), ("keepalives_interval", "5"),
        ("keepalives_count", "3"), ("tcp_user_timeout", "20000"), ("application_name", "parry"),
        ("client_encoding", "UTF8"), ("target_session_attrs", "read-write"),
        ("gssencmode", "disable"),
    ]

    /// - Throws: `unavailable` for a URL that libpq does not understand; never with the URL, which may
    ///   hold a password.
    init(url: String) throws {
        guard let parsed = PQconninfoParse(url, nil) else { throw Self.misread }
        defer { PQconninfoFree(parsed) }
        var given: [(keyword: String, value: String)] = []
        var entry = parsed
        while let keyword = entry.pointee.keyword {
            if let value = entry.pointee.val {
                given.append((String(cString: keyword), String(cString: value)))
            }
            entry += 1
        }
        let known = Set(given.map(\.keyword))
        options = given + Self.defaults.filter { !known.contains($0.0) }
        // An unescaped @ or / in a password makes a host or a port of its rest, which must not be shown.
        let isPlausible =
            list("host").allSatisfy { !$0.contains("@") }
            && list("port").allSatisfy { $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
        guard isPlausible else { throw Self.misread }
    }

    /// Who is reached, for messages: `parry@db1:5432,db2:5432/parry`, without the password.
    var description: String {
        let hosts = list("host").isEmpty ? ["localhost"] : list("host")
        let ports = list("port").isEmpty ? ["5432"] : list("port")
        let places = hosts.enumerated().map { "\($1):\(ports[min($0, ports.count - 1)])" }
        let user = value("user").map { "\($0)@" } ?? ""
        return user + places.joined(separator: ",") + "/" + (value("dbname") ?? "")
    }

    /// Opens a connection; blocks for at most the connect timeout for each host.
    ///
    /// - Returns: A connection that may have failed, to be asked for its status and finished.
    func connect() -> OpaquePointer? {
        withArray(options.map(\.keyword)) { keywords in
            withArray(options.map(\.value)) { values in PQconnectdbParams(keywords, values, 0) }
        }
    }

    private func value(_ keyword: String) -> String? {
        options.last { $0.keyword == keyword }?.value
    }

    private func list(_ keyword: String) -> [String] {
        value(keyword)?.split(separator: ",").map(String.init) ?? []
    }

    /// libpq's own reason may quote the password.
    private static let misread = DatabaseError(
        .unavailable,
        "the database URL is not one that PostgreSQL understands; special characters in the user "
            + "name and the password have to be percent-encoded")

    /// Lends an array of C strings that ends with a null pointer.
    private func withArray<T>(
        _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> T
    ) -> T {
        let bytes = texts.map { Array($0.utf8CString) }
        let starts = bytes.reduce(into: [0]) { $0.append(($0.last ?? 0) + $1.count) }
        return bytes.flatMap { $0 }.withUnsafeBufferPointer { buffer in
            var pointers = starts.dropLast().map { start in buffer.baseAddress.map { $0 + start } }
            pointers.append(nil)
            return pointers.withUnsafeBufferPointer { list in
                // The list has its closing null at least, so it has an address.
                list.baseAddress.map(body) ?? body([])
            }
        }
    }
}
