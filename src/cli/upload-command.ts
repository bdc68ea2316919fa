export const uploadFiles = async (_options: object, _io: object): Promise<number> => 2;
