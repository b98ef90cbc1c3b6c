namespace PretrainBench.Data;

/// <summary>The folder that a dataset goes to, claimed by one process at a time. A dataset is made in a folder beside
/// it and renamed into place, so that no reader, crash or full disk ever meets half of one.</summary>
internal sealed class DatasetPlace : IDisposable
{
    private readonly string _folder;
    private readonly FileStream _claim;

    private DatasetPlace(string folder, FileStream claim) => (_folder, _claim) = (folder, claim);

    /// <summary>Claims a folder, which need not exist.</summary>
    /// <exception cref="UserException">Another process is preparing it, or the place cannot be written.</exception>
    public static DatasetPlace Claim(string folder)
    {
        folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Path.GetDirectoryName(folder) is null)
            throw new UserException($"output_folder: {folder}: name a folder below the root");
        return new DatasetPlace(folder, LockFile.Take(Beside(folder, "lock"),
            $"{folder}: another process is preparing this dataset; wait for it, or choose another folder"));
    }

    /// <summary>The manifest of the dataset that is there already, if it is the wanted one and whole.</summary>
    /// <param name="identity">The identity of the wanted dataset.</param>
    /// <param name="replace">Whether another dataset may be replaced.</param>
    /// <exception cref="UserException">The folder holds something that must not be replaced.</exception>
    public DatasetManifest? Existing(string identity, bool replace)
    {
        if (!Directory.Exists(_folder) || !Directory.EnumerateFileSystemEntries(_folder).Any()) return null;
        if (!File.Exists(Path.Combine(_folder, DatasetManifest.FileName)))
            throw new UserException($"{_folder}: holds something that is no dataset; choose another folder");
        DatasetManifest manifest;
        try
        {
            using var dataset = TokenDataset.Open(_folder);
            dataset.LoadTokenizer();
            manifest = dataset.Manifest;
        }
        catch (UserException) when (replace || HasIdentity(identity))
        {
            return null;
        }
        if (manifest.Identity == identity) return manifest;
        return replace ? null : throw new UserException($"{_folder}: holds a dataset made from other inputs "
            + $"({manifest.SourceName}, vocabulary {manifest.VocabularySize}); "
            + "choose another folder, or set `replace`");
    }

    /// <summary>Makes a dataset aside and puts it in place.</summary>
    /// <param name="identity">The dataset's identity.</param>
    /// <param name="make">Fills a folder and describes the result; gets a second folder for what should outlive this
    /// process if it does not finish, empty unless an earlier one made the same and did not finish.</param>
    public DatasetManifest Publish(string identity, Func<string, string, DatasetManifest> make)
    {
        var unfinished = Beside(_folder, "unfinished");
        var parts = Path.Combine(unfinished, identity[..ContentHash.ShortLength]);
        if (!Directory.Exists(parts)) QuietDeletion.OfFolder(unfinished);
        try
        {
            var made = AtomicFolder.Write(_folder, Beside(_folder, "preparing"), aside =>
            {
                var manifest = make(aside, parts);
                AtomicFile.WriteText(Path.Combine(aside, DatasetManifest.FileName), manifest.ToJson());
                return manifest;
            });
            QuietDeletion.OfFolder(unfinished);
            return made;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{_folder}: the dataset cannot be written: {e.Message} Free some space or choose "
                + "another folder; what was there before is unchanged.", ExitCodes.Failed, e);
        }
        finally
        {
            if (Directory.Exists(unfinished) && !Directory.EnumerateFiles(parts).Any()
                && !Directory.EnumerateDirectories(parts).Any()) QuietDeletion.OfFolder(unfinished);
        }
    }

    public void Dispose()
    {
        // Deleted while still held: nobody can have claimed this file in between.
        File.Delete(_claim.Name);
        _claim.Dispose();
    }

    private bool HasIdentity(string identity)
    {
        try
        {
            return DatasetManifest.Read(_folder).Identity == identity;
        }
        catch (UserException)
        {
            return false;
        }
    }

    private static string Beside(string folder, string purpose)
        => Path.Combine(Path.GetDirectoryName(folder)!, $".{Path.GetFileName(folder)}.{purpose}");
}
