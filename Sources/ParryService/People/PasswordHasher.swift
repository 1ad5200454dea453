import Crypto
import CryptoExtras
import Dispatch
import Foundation
import ParryDomain
import Synchronization

/// Hashes passwords with scrypt, one after the other on a thread of its own: each takes 32 MiB and about a tenth of a
/// second, which no request but the one that signs in shall wait for.
///
/// A hash is `scrypt$15$8$1$salt$key`: the logarithm of N, r and p, so that later ones can cost more.
package final class PasswordHasher: Sendable {
    /// OWASP's first choice for interactive use has 128 MiB; of 32 MiB (N = 2^15) it asks p = 3.
    private struct Cost {
        static let standard = Cost(logarithm: 15, blockSize: 8, parallelism: 3)
        static let light = Cost(logarithm: 4, blockSize: 8, parallelism: 1)
        let logarithm: Int
        let blockSize: Int
        let parallelism: Int
    }

    private let queue = DispatchQueue(label: "parry.passwords")
    private let waiting = Mutex(0)
    /// What a password is compared with where nobody has the address, so that both take as long.
    private static let nobody =
        "scrypt$15$8$3$AAAAAAAAAAAAAAAAAAAAAA==$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

    private let cost: Cost

    /// - Parameter isLight: Makes hashes that cost nothing, for tests.
    package init(isLight: Bool = false) {
        cost = isLight ? .light : .standard
    }

    /// The hash to store.
    ///
    /// - Throws: ``SignInError/busy``.
    package func hash(_ password: String) async throws -> String {
        let cost = cost
        return try await run { try Self.hash(password, salt: Self.salt(), cost) }
    }

    /// Whether it is the password of a stored hash; takes as long without one.
    ///
    /// - Throws: ``SignInError/busy``.
    package func isRight(_ password: String, for stored: String?) async throws -> Bool {
        let compared = stored ?? Self.nobody
        let isSame = try await run { try Self.compare(password, compared) }
        return isSame && stored != nil
    }

    private func run<Value: Sendable>(
        _ work: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let isAdmitted = waiting.withLock { count in
            guard count < Limits.passwordsWaitingMax else { return false }
            count += 1
            return true
        }
        guard isAdmitted else { throw SignInError.busy }
        defer { waiting.withLock { $0 -= 1 } }
        return try await withCheckedThrowingContinuation { continuation in
            queue.async { continuation.resume(with: Result { try work() }) }
        }
    }

    private static func salt() -> [UInt8] {
        SymmetricKey(size: .bits128).withUnsafeBytes { Array($0) }
    }

    private static func compare(_ password: String, _ stored: String) throws -> Bool {
        let parts = stored.split(separator: "$").map(String.init)
        guard parts.count == 6, parts[0] == "scrypt", let logarithm = Int(parts[1]),
            let blockSize = Int(parts[2]), let parallelism = Int(parts[3]),
            let salt = Data(base64Encoded: parts[4])
        else { return false }
        let cost = Cost(logarithm: logarithm, blockSize: blockSize, parallelism: parallelism)
        let again = try hash(password, salt: Array(salt), cost)
        return SHA256.hash(data: Array(again.utf8)) == SHA256.hash(data: Array(stored.utf8))
    }

    private static func hash(_ password: String, salt: [UInt8], _ cost: Cost) throws -> String {
        let key = try KDF.Scrypt.deriveKey(
            from: Array(password.precomposedStringWithCanonicalMapping.utf8), salt: salt,
            outputByteCount: 32, rounds: 1 << cost.logarithm, blockSize: cost.blockSize,
            parallelism: cost.parallelism, maxMemory: 64 << 20)
        let text = key.withUnsafeBytes { Data($0).base64EncodedString() }
        let head = "scrypt$\(cost.logarithm)$\(cost.blockSize)$\(cost.parallelism)"
        return "\(head)$\(Data(salt).base64EncodedString())$\(text)"
    }
}
