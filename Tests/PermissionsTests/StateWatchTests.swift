import PlantedSystem
import Testing

@testable import Permissions

@Suite("Watching the state directory", .timeLimit(.minutes(1)))
struct StateWatchTests {
  @Test("A file that comes, changes, loses its mode or goes is told")
  func changes() async throws {
    let machine = try TestMachine.registered()
    let path = machine.tree.root + TestMachine.state
    var changes = StateWatch.changes(in: path).makeAsyncIterator()
    machine.tree.write("\(TestMachine.state)/new", "x")
    #expect(await changes.next() != nil)
    machine.mode("\(TestMachine.state)/new", 0o640)
    #expect(await changes.next() != nil)
    machine.tree.remove("\(TestMachine.state)/new")
    #expect(await changes.next() != nil)
  }

  @Test("Where there is no directory yet, those above it are watched as they come")
  func registration() async throws {
    let machine = TestMachine()
    var changes = StateWatch.changes(in: machine.tree.root + TestMachine.state).makeAsyncIterator()
    machine.tree.makeFolder("/var")
    try #require(await changes.next() != nil)
    machine.tree.makeFolder("/var/lib")
    try #require(await changes.next() != nil)
    try machine.register()
    try #require(await changes.next() != nil)
    #expect(machine.report() == .clean)
    machine.tree.remove("\(TestMachine.state)/device.record")
    try #require(await changes.next() != nil)
    #expect(machine.report().impediments.map(\.restriction) == [.deviceNotRegistered])
  }

  @Test("A directory that goes and comes back is watched again")
  func directoryComesBack() async throws {
    let machine = try TestMachine.registered()
    var changes = StateWatch.changes(in: machine.tree.root + TestMachine.state).makeAsyncIterator()
    machine.tree.remove(TestMachine.state)
    try #require(await changes.next() != nil)
    #expect(machine.report().impediments.map(\.restriction) == [.deviceNotRegistered])
    try machine.register()
    try #require(await changes.next() != nil)
    #expect(machine.report() == .clean)
    machine.tree.write("\(TestMachine.state)/new", "x")
    try #require(await changes.next() != nil)
  }

  @Test("Looking at the state is no change")
  func looking() async throws {
    let machine = try TestMachine.registered()
    let watch = try #require(DirectoryWatch(machine.tree.root + TestMachine.state))
    #expect(machine.report() == .clean)
    machine.tree.write("\(TestMachine.state)/new", "x")
    machine.mode("\(TestMachine.state)/new", 0o600)
    #expect(watch.awaitChange(quiet: 1, longest: 1000))
    #expect(machine.report() == .clean)
    watch.stop()
    #expect(!watch.awaitChange(quiet: 1, longest: 1000))
  }
}
