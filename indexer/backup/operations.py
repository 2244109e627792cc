"""Back up a collection into a folder and a snapshot, and restore it into an empty cluster."""

from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version

from core.errors import FrontispieceError
from core.settings import Settings
from core.timestamps import utc_timestamp
from indexer.backup.folder import (
    WRITER,
    BackupFolder,
    BackupRecord,
    copy_files,
    differing_settings,
    list_files,
    mirror_files,
    saved_settings,
)
from indexer.elasticsearch.client import ElasticsearchClient
from indexer.elasticsearch.snapshots import Snapshot, SnapshotRepository, collection_indices, count_documents
from indexer.embedded.node_folder import NodeFolder

PrintMessage = Callable[[str], None]


def back_up(
    client: ElasticsearchClient, settings: Settings, folder: BackupFolder, *, repository_name: str, say: PrintMessage
) -> BackupRecord:
    """Take a snapshot, copy what is on disk, and return what the backup holds. Nothing may write meanwhile.

    A folder with an earlier backup of the same collection gets what is new.
    """
    earlier_record = folder.read_record()
    folder.check_is_writable()
    repository = SnapshotRepository(client, repository_name)
    if uses_embedded_node(settings):
        repository.register(repository_name)
    if earlier_record:
        _check_is_continued(earlier_record, settings, repository, folder)
    documents = count_documents(client, collection_indices(client, settings.alias))
    say("taking a snapshot of the indices")
    snapshot = repository.take(settings.alias)
    repository.delete_old(settings.alias)
    if settings.has_remote_crops:
        say(f"the crops at {settings.crops} are not copied: keep earlier versions of them there")
    crops = 0 if settings.has_remote_crops else copy_files(settings.crops_folder, folder.crops, title="crops")
    folder.save_named_files(settings)
    if uses_embedded_node(settings):
        repository_folder = NodeFolder.from_data_folder(settings.data).snapshots / repository_name
        mirror_files(repository_folder, folder.snapshots)
    record = BackupRecord(
        written_by=WRITER,
        version=version("frontispiece"),
        alias=settings.alias,
        at=utc_timestamp(),
        snapshot=snapshot.name,
        repository=repository_name,
        repository_uuid=repository.read_uuid(),
        documents=documents,
        crops=crops,
        settings=saved_settings(settings),
    )
    folder.write_record(record)
    return record


def restore(
    client: ElasticsearchClient,
    settings: Settings,
    folder: BackupFolder | None,
    *,
    repository_name: str,
    snapshot_name: str,
    say: PrintMessage,
) -> Snapshot:
    """Restore the indices with their aliases, and the crops of a folder; return the snapshot.

    Without a folder, or with the name of a snapshot, only what the snapshot has is compared.
    """
    record = _read_complete_record(folder, settings) if folder else None
    repository = SnapshotRepository(client, repository_name)
    if uses_embedded_node(settings):
        if folder:
            _place_repository(folder, NodeFolder.from_data_folder(settings.data), repository_name)
        repository.register(repository_name)
    repository.read_uuid()
    snapshot = repository.find(settings.alias, snapshot_name or (record.snapshot if record else ""))
    say(f"restoring the snapshot {snapshot.name}")
    repository.restore(snapshot, settings.alias)
    if record and snapshot.name == record.snapshot:
        _check_counts(record, count_documents(client, snapshot.indices))
    if folder and record:
        if not settings.has_remote_crops:
            copy_files(folder.crops, settings.crops_folder, title="crops")
        for line in _describe_settings(record, settings, folder):
            say(line)
    return snapshot


def uses_embedded_node(settings: Settings) -> bool:
    """Return whether the settings lead to the node that `frontispiece node` runs on this machine."""
    return not settings.elasticsearch_url


def _check_is_continued(
    record: BackupRecord, settings: Settings, repository: SnapshotRepository, folder: BackupFolder
) -> None:
    """Refuse to mix two collections, or the snapshots of two nodes, in one folder."""
    if record.alias != settings.alias:
        raise FrontispieceError(f"{folder.path} has a backup of the collection {record.alias}: name another folder")
    if record.repository_uuid != repository.read_uuid():
        raise FrontispieceError(
            f"{folder.path} has a backup with other snapshots than those of this cluster: name another folder, and "
            "keep this one until you no longer need it"
        )


def _read_complete_record(folder: BackupFolder, settings: Settings) -> BackupRecord:
    record = folder.read_record()
    if record is None:
        raise FrontispieceError(f"there is no backup in {folder.path}")
    if record.alias != settings.alias:
        raise FrontispieceError(
            f"{folder.path} has a backup of the collection {record.alias}: `--alias {record.alias}` restores it"
        )
    return record


def _place_repository(folder: BackupFolder, node_folder: NodeFolder, repository_name: str) -> None:
    """Copy the snapshots to where the embedded node finds them, unless it has some of its own."""
    target = node_folder.snapshots / repository_name
    if not any(list_files(target)):
        copy_files(folder.snapshots, target)


def _check_counts(record: BackupRecord, documents: Mapping[str, int]) -> None:
    """Refuse an index with fewer documents than were counted before the snapshot was taken."""
    for name, count in record.documents.items():
        if documents.get(name, 0) < count:
            raise FrontispieceError(
                f"the restored index {name} has {documents.get(name, 0):,} documents, but the backup had {count:,}"
            )


def _describe_settings(record: BackupRecord, settings: Settings, folder: BackupFolder) -> Sequence[str]:
    """Return what the operator has to set again."""
    lines = [f"the backup was made with {variable}" for variable in differing_settings(record, settings)]
    if any(list_files(folder.files)):
        lines.append(f"copies of the files that settings name are in {folder.files}")
    return lines
